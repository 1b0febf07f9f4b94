package io.hypertape.autodiff.program;

import static io.hypertape.autodiff.access.Internals.INTERNALS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.LayerBackend;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is taken down, and what is done at once. */
class OutlineTest {

  /** Made of others, or of no use to who only takes down. */
  private static final Set<String> OTHERS =
      Set.of(
          "canRecord", "beginRecording", "recorded", "endRecording", "abortRecording", "allocate");

  /** A default method that is not taken down would hide what the backend behind has. */
  @Test
  void everyOperationIsTakenDown() {
    List<String> missing = new ArrayList<>();
    for (Class<?> type : List.of(Backend.class, LayerBackend.class)) {
      for (Method method : type.getDeclaredMethods()) {
        boolean isOfArrays = List.of(method.getParameterTypes()).contains(float[].class);
        if (!method.isSynthetic()
            && !Modifier.isStatic(method.getModifiers())
            && !Modifier.isPrivate(method.getModifiers())
            && !isOfArrays
            && !OTHERS.contains(method.getName())
            && !isDeclared(method)) {
          missing.add(method.getName());
        }
      }
    }
    assertEquals(List.of(), missing);
  }

  private static boolean isDeclared(Method method) {
    for (Class<?> type : List.of(Outline.class, OutlinedLayers.class)) {
      try {
        type.getDeclaredMethod(method.getName(), method.getParameterTypes());
        return true;
      } catch (NoSuchMethodException e) {
        // Maybe the other one has it.
      }
    }
    return false;
  }

  @Test
  void workOnWhatThereWasIsDoneAtOnce() {
    try (Backend real = new ReferenceBackend(DType.F64)) {
      View x = View.contiguous(real.allocate(DType.F64, 1), 1);
      Outline outline = new Outline(real);
      outline.fill(3, x);
      double[] read = new double[1];
      outline.read(x, MemorySegment.ofArray(read));
      assertEquals(3, read[0]);
      assertEquals(List.of(), outline.steps());
      View input = View.contiguous(outline.allocate(DType.F64, 1), 1);
      outline.write(MemorySegment.ofArray(new double[1]), input.storage());
      View output = View.contiguous(outline.allocate(DType.F64, 1), 1);
      outline.unary(UnaryOp.EXP, input, output);
      outline.read(output, MemorySegment.ofArray(read));
      assertSame(input.storage(), outline.input());
      assertSame(output, outline.output());
      assertEquals(1, outline.steps().size());
      assertEquals(3, read[0], "nothing comes back");
    }
  }

  /** A batch norm in use, what is added to it, and relu are one step. */
  @Test
  void scalingIsOneStep() {
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1))) {
      Tensor gamma = session.ones(3);
      List<Outline> outlines = new ArrayList<>();
      INTERNALS.during(
          session,
          own -> {
            outlines.add(new Outline(own));
            return outlines.getFirst();
          },
          () ->
              session.scoped(
                  () -> {
                    Tensor x = session.tensor(new float[2 * 3 * 4 * 4], 2, 3, 4, 4);
                    Tensor y = NeuralOps.normalize(x, gamma, gamma, gamma, gamma, 1e-5).relu();
                    Tensor z = NeuralOps.normalize(y, gamma, gamma, gamma, gamma, 1e-5);
                    z.add(x).relu().toFloats();
                  }));
      Outline outline = outlines.getFirst();
      assertEquals(outline.steps().size() - 5, ScalingFusion.of(outline).size());
    }
  }

  /** A chain of any length takes two places, and room for the largest of its values. */
  @Test
  void placesAreUsedAgain() {
    try (Backend real = new ReferenceBackend(DType.F64)) {
      Outline outline = new Outline(real);
      View first = View.contiguous(outline.allocate(DType.F64, 5), 5);
      View last = first;
      for (int i = 0; i < 20; i++) {
        View next = View.contiguous(outline.allocate(DType.F64, 5 + i), 5);
        outline.unary(UnaryOp.EXP, last, next);
        last = next;
      }
      SlotPlan plan = new SlotPlan(outline.steps(), (Symbol) first.storage(), last, Set.of());
      assertEquals(2, plan.slots().size());
      assertEquals(24, plan.slots().stream().mapToInt(SlotPlan.Slot::size).max().orElseThrow());
    }
  }
}

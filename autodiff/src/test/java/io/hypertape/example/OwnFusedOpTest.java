package io.hypertape.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.FusedOp;
import io.hypertape.autodiff.GradientCall;
import io.hypertape.autodiff.GradientCheck;
import io.hypertape.autodiff.GradientMode;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An operation of a user's own: x·sigmoid(s·x), by kernels over what a backend offers. */
class OwnFusedOpTest {

  /** What ran. */
  private final List<String> ran = new ArrayList<>();

  private Tensor define(Tensor x, Tensor s) {
    ran.add("definition");
    return x.mul(x.mul(s).sigmoid());
  }

  /** Writes y, and keeps sigmoid(s·x). */
  private final class Kernel implements FusedOp.Kernel {
    private final String backend;

    Kernel(String backend) {
      this.backend = backend;
    }

    @Override
    public boolean runsOn(Backend candidate) {
      return candidate.name().equals(backend);
    }

    @Override
    public List<int[]> outputs(List<int[]> inputs) {
      if (inputs.size() != 2 || !Arrays.equals(inputs.get(0), inputs.get(1))) {
        throw new IllegalArgumentException("swish: x and a scale of its shape are needed");
      }
      return List.of(inputs.get(0));
    }

    @Override
    public List<int[]> kept(Backend on, List<int[]> inputs) {
      return List.of(inputs.get(0));
    }

    @Override
    public boolean readsStrides(int input) {
      return true;
    }

    @Override
    public void run(Backend on, View[] in, View[] out) {
      ran.add("kernel");
      on.binary(BinaryOp.MUL, in[0], in[1], out[0]);
      on.unary(UnaryOp.SIGMOID, out[0], out[1]);
      on.binary(BinaryOp.MUL, in[0], out[1], out[0]);
    }
  }

  /** Of x alone: c·σ + s·c·x·σ·(1 − σ). */
  private final class Gradient implements FusedOp.GradientKernel {
    @Override
    public boolean runsOn(Backend backend) {
      return true;
    }

    @Override
    public boolean serves(boolean[] given, boolean[] needed) {
      return !needed[1];
    }

    @Override
    public void run(GradientCall call) {
      ran.add("gradient kernel");
      Backend backend = call.backend();
      View x = call.input(0);
      View sigmoid = call.output(1);
      View first = call.scratch(x.shape());
      View second = call.scratch(x.shape());
      View third = call.scratch(x.shape());
      backend.binary(BinaryOp.MUL, call.cotangent(0), x, first);
      backend.binary(BinaryOp.SIGMOID_GRAD, first, sigmoid, second);
      backend.binary(BinaryOp.MUL, second, call.input(1), first);
      backend.binary(BinaryOp.MUL, call.cotangent(0), sigmoid, third);
      backend.binary(BinaryOp.ADD, first, third, call.gradient(0));
    }
  }

  private FusedOp swish(String backend) {
    return FusedOp.of("swish", in -> List.of(define(in.get(0), in.get(1))))
        .withKernel(new Kernel(backend))
        .withGradient(new Gradient());
  }

  private static Session open(Device device) {
    return Session.open(SessionOptions.of(device).withThreads(1));
  }

  @ParameterizedTest
  @EnumSource(names = {"REFERENCE", "CPU"})
  void kernelsGiveWhatTheDefinitionGives(Device device) {
    try (Session session = open(device)) {
      String here = session.backendName();
      for (int n : new int[] {0, 1, 7, 33}) {
        List<double[]> fused = run(session, swish(here), n, false);
        assertEquals(List.of("kernel", "gradient kernel"), ran);
        List<double[]> defined = run(session, swish("another"), n, false);
        assertEquals(List.of("definition"), ran);
        for (int i = 0; i < fused.size(); i++) {
          assertArrayEquals(defined.get(i), fused.get(i), 1e-6);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"REFERENCE", "CPU"})
  void whatNoKernelGivesTheDefinitionGives(Device device) {
    try (Session session = open(device)) {
      List<double[]> fused = run(session, swish(session.backendName()), 7, true);
      assertEquals(List.of("kernel", "definition"), ran);
      List<double[]> defined = run(session, swish("another"), 7, true);
      for (int i = 0; i < fused.size(); i++) {
        assertArrayEquals(defined.get(i), fused.get(i), 1e-6);
      }
    }
  }

  /** Value and gradients by x and, if wanted, by the scale; notes what ran. */
  private List<double[]> run(Session session, FusedOp op, int n, boolean byScale) {
    ran.clear();
    try (Tape tape = session.tape()) {
      Tensor x = tape.watch(session.normal(new int[] {n}, 1, 2));
      Tensor s = byScale ? tape.watch(session.scalar(0.75)) : session.scalar(0.75);
      Tensor y = op.apply(x, s.broadcastTo(n));
      List<double[]> result = new ArrayList<>();
      result.add(y.toDoubles());
      tape.gradient(y.square().sum(), byScale ? List.of(x, s) : List.of(x))
          .forEach(g -> result.add(g.toDoubles()));
      return result;
    }
  }

  @Test
  void anyOrderFollows() {
    try (Session session = open(Device.REFERENCE)) {
      FusedOp op = swish("reference");
      List<Tensor> inputs =
          List.of(session.tensor(new double[] {0.3, -1.2, 2}, 3), session.scalar(0.75));
      double worst =
          new GradientCheck(session, in -> op.apply(in.get(0), in.get(1).broadcastTo(3)).square())
              .worstError(2, inputs);
      assertTrue(worst < 1e-6, "worst error " + worst);
      assertTrue(ran.contains("kernel") && ran.contains("definition"), ran.toString());
    }
  }

  /** A gradient of one's own alone: rounding that lets the cotangent through. */
  @Test
  void aDefinitionMayHaveAGradientKernelAlone() {
    FusedOp straightThrough =
        FusedOp.of("sign", in -> List.of(in.get(0).sign(), in.get(0)))
            .withGradient(
                new FusedOp.GradientKernel() {
                  @Override
                  public boolean runsOn(Backend backend) {
                    return true;
                  }

                  @Override
                  public void run(GradientCall call) {
                    call.backend().copy(call.cotangent(0), call.gradient(0));
                  }
                });
    try (Session session = open(Device.REFERENCE);
        Tape tape = session.tape()) {
      Tensor x = tape.watch(session.tensor(new double[] {-2, 3}, 2));
      List<Tensor> results = straightThrough.apply(List.of(x));
      Tensor y = results.get(0);
      assertArrayEquals(new double[] {-1, 1}, y.toDoubles());
      // The input that the definition hands through is not what it was given.
      assertArrayEquals(new double[] {-2, 3}, results.get(1).toDoubles());
      Tensor loss = y.mul(session.tensor(new double[] {5, 7}, 2)).sum();
      assertArrayEquals(new double[] {5, 7}, tape.gradient(loss, List.of(x)).get(0).toDoubles());
      // Differentiable gradients are the definition's, and sign has none.
      assertArrayEquals(
          new double[] {0, 0},
          tape.gradient(loss, List.of(x), GradientMode.DIFFERENTIABLE).get(0).toDoubles());
    }
  }

  @Test
  void whatDoesNotFitIsNamed() {
    try (Session session = open(Device.REFERENCE);
        Scope unused = session.scratch()) {
      Tensor x = session.ones(3);
      for (String backend : List.of("reference", "another")) {
        assertSays("swish: x and a scale", () -> swish(backend).apply(x));
      }
      assertSays("swish: no inputs", () -> swish("reference").apply());
      assertSays(
          "swish: input 0 is I32[1]; F64 is needed",
          () -> swish("reference").apply(session.indices(1), session.ones(1)));
      FusedOp wrong =
          FusedOp.of("swish", in -> List.of(in.get(0).sum())).withKernel(new Kernel("another"));
      IllegalStateException e = assertThrows(IllegalStateException.class, () -> wrong.apply(x, x));
      assertEquals(
          "swish: its definition gives [[]], its kernel [[3]]; they must agree", e.getMessage());
      FusedOp two = FusedOp.of("pair", in -> List.of(in.get(0), in.get(0)));
      e = assertThrows(IllegalStateException.class, () -> two.apply(x));
      assertTrue(e.getMessage().startsWith("pair: it has 2 results"), e.getMessage());
    }
  }

  @Test
  void aKernelIsAskedOnceACallWhatItGives() {
    int[] asked = new int[2];
    FusedOp swish =
        FusedOp.of("swish", in -> List.of(define(in.get(0), in.get(1))))
            .withKernel(
                new FusedOp.Kernel() {
                  private final Kernel kernel = new Kernel("cpu");

                  @Override
                  public boolean runsOn(Backend candidate) {
                    return kernel.runsOn(candidate);
                  }

                  @Override
                  public List<int[]> outputs(List<int[]> inputs) {
                    asked[0]++;
                    return kernel.outputs(inputs);
                  }

                  @Override
                  public List<int[]> kept(Backend on, List<int[]> inputs) {
                    asked[1]++;
                    return kernel.kept(on, inputs);
                  }

                  @Override
                  public void run(Backend on, View[] in, View[] out) {
                    kernel.run(on, in, out);
                  }
                })
            .withGradient(new Gradient());
    try (Session session = Session.open(Device.CPU)) {
      try (Scope unused = session.scratch()) {
        swish.apply(session.ones(3), session.ones(3));
        assertArrayEquals(new int[] {1, 1}, asked);
      }
      try (Tape tape = session.tape()) {
        Tensor x = tape.watch(session.ones(3));
        tape.gradient(swish.apply(x, session.ones(3)).sum(), List.of(x));
        assertArrayEquals(new int[] {2, 2}, asked);
      }
    }
    try (Session session = Session.open(Device.REFERENCE);
        Scope unused = session.scratch()) {
      swish.apply(session.ones(3), session.ones(3));
      assertArrayEquals(new int[] {3, 2}, asked);
    }
  }

  @Test
  void aGradientKernelThatForgetsAnInputIsNamed() {
    FusedOp forgetful =
        FusedOp.of("mul", in -> List.of(in.get(0).mul(in.get(1))))
            .withGradient(
                new FusedOp.GradientKernel() {
                  @Override
                  public boolean runsOn(Backend backend) {
                    return true;
                  }

                  @Override
                  public void run(GradientCall call) {
                    call.backend().fill(1, call.gradient(0));
                  }
                });
    try (Session session = open(Device.REFERENCE);
        Tape tape = session.tape()) {
      Tensor a = tape.watch(session.ones(2));
      Tensor b = tape.watch(session.ones(2));
      Tensor loss = forgetful.apply(a, b).sum();
      IllegalStateException e =
          assertThrows(IllegalStateException.class, () -> tape.gradient(loss, List.of(a, b)));
      assertTrue(
          e.getMessage().contains("mul: ") && e.getMessage().contains("input 1 of shape [2]"),
          e.getMessage());
    }
  }

  @Test
  void anUpdateIsOne() {
    FusedOp sgd =
        FusedOp.update(FusedKernel.SGD, in -> List.of(in.get(0).sub(in.get(1).mul(in.get(2)))));
    try (Session session = open(Device.CPU);
        Tape tape = session.tape()) {
      Tensor p = session.tensor(new double[] {1, 2}, 2);
      Tensor alpha = tape.watch(session.scalar(0.5));
      Tensor g = session.tensor(new double[] {4, 6}, 2);
      Tensor next = sgd.apply(p, g, alpha);
      assertArrayEquals(new double[] {-1, -1}, next.toDoubles());
      assertEquals(-10, tape.gradient(next.sum(), List.of(alpha)).get(0).item());
      assertSays("hyperparameter, has shape [2]; a scalar", () -> sgd.apply(p, g, p));
      assertSays("update(SGD): 2 inputs; p, g, 0 states and 1", () -> sgd.apply(p, g));
      assertSays("operand 1 has shape []", () -> sgd.apply(p, alpha, alpha));
    }
    assertSays(
        "SGD_HYPER is the derivative of one",
        () -> FusedOp.update(FusedKernel.SGD_HYPER, in -> in));
  }

  private static void assertSays(String what, org.junit.jupiter.api.function.Executable work) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, work);
    assertTrue(e.getMessage().contains(what), e.getMessage());
  }
}

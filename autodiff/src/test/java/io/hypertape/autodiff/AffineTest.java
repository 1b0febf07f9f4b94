package io.hypertape.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.Epilogue;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AffineTest {

  /** One operation or several: the same bits, and the same gradients. */
  @ParameterizedTest
  @CsvSource({
    "REFERENCE, NONE",
    "REFERENCE, TANH",
    "CPU, NONE",
    "CPU, TANH",
    "CPU, RELU",
    "CPU, SIGMOID"
  })
  void equalsItsDefinition(Device device, Epilogue epilogue) {
    try (Session session = Session.open(SessionOptions.of(device).withThreads(1))) {
      Tensor x = session.normal(new int[] {37, 41}, 1, 1);
      Tensor w = session.normal(new int[] {43, 41}, 1, 2);
      Tensor b = session.normal(new int[] {43}, 1, 3);
      List<float[]> fused = run(session, x, w, b, epilogue, true);
      List<float[]> defined = run(session, x, w, b, epilogue, false);
      for (int i = 0; i < fused.size(); i++) {
        assertArrayEquals(defined.get(i), fused.get(i));
      }
    }
  }

  private static List<float[]> run(
      Session session, Tensor x, Tensor w, Tensor b, Epilogue epilogue, boolean fused) {
    try (Tape tape = session.tape()) {
      List<Tensor> leaves = List.of(tape.watch(x), tape.watch(w), tape.watch(b));
      Tensor y =
          fused
              ? leaves.get(0).affine(leaves.get(1), leaves.get(2), epilogue)
              : AffineOp.definition(leaves.get(0), leaves.get(1), leaves.get(2), epilogue);
      List<Tensor> gradients = tape.gradient(y.square().sum(), leaves);
      return List.of(
          y.toFloats(),
          gradients.get(0).toFloats(),
          gradients.get(1).toFloats(),
          gradients.get(2).toFloats());
    }
  }

  @Test
  void shapesThatDoNotFitAreNamed() {
    try (Session session = Session.open(Device.REFERENCE);
        Scope unused = session.scratch()) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> session.ones(2, 3).affine(session.ones(4, 5), session.ones(4), Epilogue.NONE));
      assertTrue(e.getMessage().contains("[2, 3], [4, 5] and [4] do not fit"), e.getMessage());
    }
  }
}

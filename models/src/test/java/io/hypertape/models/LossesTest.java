package io.hypertape.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is compared by a loss must belong together. */
class LossesTest {

  private final Session session = Session.open(Device.REFERENCE);
  private final Tape tape = session.tape();

  @AfterEach
  void close() {
    tape.close();
    session.close();
  }

  private static void failsWith(String part, Runnable loss) {
    Exception e = assertThrows(IllegalArgumentException.class, loss::run);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void aColumnIsNotComparedWithEveryElementOfARow() {
    Tensor prediction = session.tensor(new double[] {1, 2, 3}, 3, 1);
    Tensor target = session.tensor(new double[] {1, 2, 4}, 3);
    failsWith(
        "mean squared error: the prediction has shape [3, 1], the target [3]",
        () -> Losses.meanSquaredError(prediction, target));
    failsWith("[3], the target []", () -> Losses.meanSquaredError(target, session.scalar(1)));
    assertEquals(1.0 / 3, Losses.meanSquaredError(prediction, target.reshape(3, 1)).item(), 1e-15);
  }

  @Test
  void everyRowHasALabel() {
    Tensor rows = session.zeros(2, 3);
    failsWith(
        "negative log-likelihood: the prediction is F64[2, 3], the labels I32[3]",
        () -> Losses.nll(rows, session.indices(0, 1, 2)));
    failsWith("the labels F64[2]", () -> Losses.nll(rows, session.zeros(2)));
    failsWith(
        "cross-entropy: the prediction is F64[3], the labels I32[1]",
        () -> Losses.crossEntropy(session.zeros(3), session.indices(0)));
    failsWith(
        "[batch, classes] and I32[batch]",
        () -> Losses.crossEntropy(session.zeros(2, 3, 4), session.indices(0, 1)));
    failsWith(
        "the prediction is I32[2]",
        () -> Losses.crossEntropy(session.indices(0, 1), session.indices(0, 1)));
  }

  @Test
  void labelSmoothingSharesOutAmongAllClasses() {
    Tensor rows = session.tensor(new double[] {1, 2, 4, 0.5, -1, 3}, 2, 3).logSoftmax();
    Tensor labels = session.indices(2, 0);
    double[] p = rows.toDoubles();
    double expected = 0;
    for (int i = 0; i < 2; i++) {
      for (int c = 0; c < 3; c++) {
        boolean isTrue = c == (i == 0 ? 2 : 0);
        expected -= (0.3 / 3 + (isTrue ? 0.7 : 0)) * p[3 * i + c] / 2;
      }
    }
    assertEquals(expected, Losses.nll(rows, labels, 0.3).item(), 1e-14);
    assertEquals(Losses.nll(rows, labels).item(), Losses.nll(rows, labels, 0).item());
    failsWith("label smoothing is 1.5; 0 to 1", () -> Losses.nll(rows, labels, 1.5));
  }
}

package io.hypertape.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CharLstmTest {

  private final Session session =
      Session.open(SessionOptions.of(Device.REFERENCE).withPrecision(Precision.FLOAT64));

  private final CharLstm model = CharLstm.create(session, CharLstmSpec.of(7).withLayers(5, 2), 1);

  @AfterEach
  void close() {
    session.close();
  }

  private double[] run(Mode mode, int batch, int... symbols) {
    try (Scope unused = session.scratch()) {
      return model
          .forward(session.indices(symbols), symbols.length / batch, batch, mode)
          .toDoubles();
    }
  }

  /** Rows from one on, of 7 symbols each. */
  private static double[] rows(double[] all, int from, int to) {
    return Arrays.copyOfRange(all, from * 7, to * 7);
  }

  @Test
  void piecesCarryTheStateOn() {
    double[] whole = run(Mode.TRAIN, 2, 1, 2, 3, 4, 5, 6, 0, 1);
    model.resetState();
    assertArrayEquals(rows(whole, 0, 4), run(Mode.TRAIN, 2, 1, 2, 3, 4), 1e-14);
    assertArrayEquals(rows(whole, 4, 8), run(Mode.TRAIN, 2, 5, 6, 0, 1), 1e-14);
    model.resetState();
    assertArrayEquals(rows(whole, 0, 4), run(Mode.TRAIN, 2, 1, 2, 3, 4), 1e-14);
  }

  @Test
  void modesAndBatchesHaveStatesOfTheirOwn() {
    double[] whole = run(Mode.TRAIN, 1, 1, 2, 3, 4);
    model.resetState();
    run(Mode.TRAIN, 1, 1, 2);
    run(Mode.EVALUATE, 1, 5, 5);
    run(Mode.TRAIN, 2, 6, 6);
    model.resetState(Mode.EVALUATE);
    assertArrayEquals(rows(whole, 2, 4), run(Mode.TRAIN, 1, 3, 4), 1e-14);
    double[] fresh = run(Mode.EVALUATE, 1, 1, 2);
    assertArrayEquals(rows(whole, 0, 2), fresh, 1e-14);
  }

  @Test
  void aStateOfTheCallersIsUsed() {
    double[] whole = run(Mode.EVALUATE, 1, 1, 2, 3, 4);
    RecurrentState state = model.newState(1);
    try (Scope unused = session.scratch()) {
      model.forward(session.indices(1, 2), 2, 1, state, Mode.EVALUATE);
      assertArrayEquals(
          rows(whole, 2, 4),
          model.forward(session.indices(3, 4), 2, 1, state, Mode.EVALUATE).toDoubles(),
          1e-14);
      state.reset();
      assertArrayEquals(
          rows(whole, 0, 1),
          model.forward(session.indices(1), 1, 1, state, Mode.EVALUATE).toDoubles(),
          1e-14);
    }
  }

  @Test
  void whatDoesNotFitIsNamed() {
    var e = assertThrows(IllegalArgumentException.class, () -> run(Mode.TRAIN, 2, 1, 2, 3));
    assertTrue(e.getMessage().contains("3 symbols are not 1 steps of 2"), e.getMessage());
    assertThrows(IndexOutOfBoundsException.class, () -> run(Mode.TRAIN, 1, 7));
    assertThrows(IllegalArgumentException.class, () -> CharLstmSpec.of(0));
    assertThrows(IllegalArgumentException.class, () -> CharLstmSpec.of(3).withDropout(1));
    assertEquals(
        new CharLstmSpec(3, 64, 64, 1, 0.5), CharLstmSpec.of(3).withLayers(64, 1).withDropout(0.5));
  }
}

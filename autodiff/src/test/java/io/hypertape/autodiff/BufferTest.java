package io.hypertape.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BufferTest {

  @ParameterizedTest
  @EnumSource(
      value = Device.class,
      names = {"CPU", "REFERENCE"})
  void outlivesScopesAndKeepsWhatWasWritten(Device device) {
    try (Session session = Session.open(device)) {
      Tensor initial = session.ones(2);
      Buffer mean = new Buffer("bn.running_mean", initial);
      try (Tape tape = session.tape()) {
        Tensor x = tape.watch(session.tensor(new float[] {3, 5}, 2));
        mean.write(x.mul(2));
      }
      assertArrayEquals(new float[] {6, 10}, mean.toFloats());
      assertArrayEquals(new float[] {1, 1}, initial.toFloats(), "the initial value was copied");
      mean.set(new float[] {7, 8});
      assertArrayEquals(new float[] {7, 8}, mean.toFloats());
      mean.set(new double[] {0.5, 1});
      assertArrayEquals(new float[] {0.5f, 1}, mean.toFloats());
      assertEquals("bn.running_mean[2]", mean.toString());
    }
  }

  /** What a backward pass reads is what was read, not what was written since. */
  @Test
  void laterWritesDoNotChangeWhatWasRead() {
    try (Session session = Session.open(Device.REFERENCE)) {
      Buffer state = new Buffer("h", session.full(new int[] {2}, 3));
      try (Tape tape = session.tape()) {
        Tensor x = tape.watch(session.full(new int[] {2}, 2));
        Tensor read = state.read();
        Tensor product = read.mul(x);
        state.write(product);
        assertFalse(read.isTracked());
        assertArrayEquals(new float[] {6, 6}, state.toFloats());
        assertFalse(state.read().isTracked(), "nothing is differentiated through what is carried");
        assertArrayEquals(
            new double[] {3, 3}, tape.gradient(product.sum(), List.of(x)).get(0).toDoubles());
      }
    }
  }

  @Test
  void misfitsAreRefused() {
    try (Session session = Session.open(Device.REFERENCE)) {
      Buffer state = new Buffer("h", session.full(new int[] {2}, 3));
      Exception e =
          assertThrows(IllegalArgumentException.class, () -> state.write(session.ones(2, 1)));
      assertTrue(e.getMessage().contains("h has shape [2], not [2, 1]"), e.getMessage());
      assertThrows(IllegalArgumentException.class, () -> state.set(new float[3]));
      assertThrows(
          IllegalArgumentException.class, () -> new Buffer("labels", session.indices(1, 2)));
      Exception scope = assertThrows(IllegalStateException.class, state::read);
      assertTrue(scope.getMessage().contains("no scope is open"), scope.getMessage());
    }
  }
}

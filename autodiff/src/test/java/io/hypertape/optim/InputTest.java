package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import org.junit.jupiter.api.Test;

class InputTest {

  @Test
  void theShapeIsCopiedTheValuesAreNot() {
    try (Session session = Session.open(Device.REFERENCE);
        Scope unused = session.scratch()) {
      int[] shape = {2, 3};
      float[] floats = new float[6];
      double[] doubles = new double[6];
      Input narrow = Input.floats(floats, shape);
      Input wide = Input.doubles(doubles, shape);
      shape[0] = 9;
      floats[5] = 7;
      doubles[5] = 7;
      for (Input input : new Input[] {narrow, wide}) {
        assertArrayEquals(new int[] {2, 3}, input.create(session).shape());
        assertArrayEquals(
            new double[] {0, 0, 0, 0, 0, 7}, input.create(session).toDoubles(), "read when used");
      }
    }
  }
}

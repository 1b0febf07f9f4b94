package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.bindings.testing.CleanDouble;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A device that works behind its host, seen by a debugger. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaTensorTextTest {

  @Test
  void valuesAreWaitedFor() {
    try (Session session = Session.open(Device.CUDA);
        Scope unused = session.scratch()) {
      Tensor x = session.tensor(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
      assertEquals("F32[2, 3] [[2.0, 3.0, 4.0], [5.0, 6.0, 7.0]]", x.add(1).toString());
      assertEquals("F32[3, 2] [[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]", x.transpose().toString());
    }
  }

  @Test
  void anIndexThatIsOutOfRangeIsStillRaised() {
    try (Session session = Session.open(Device.CUDA);
        Scope unused = session.scratch()) {
      Tensor picked = session.ones(2, 3).pick(session.indices(1, 7));
      assertTrue(picked.toString().contains("unreadable: index[1] is 7"), picked.toString());
      assertThrows(IndexOutOfBoundsException.class, picked::toFloats);
    }
  }
}

package io.hypertape.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.run.FiniteRuns;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Over the double of CUDA's libraries or on a GPU. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaFiniteRunsTest extends FiniteRuns {

  @Override
  protected Session open() {
    Session session = Session.open(Device.CUDA);
    assertEquals("cuda", session.backendName());
    return session;
  }
}

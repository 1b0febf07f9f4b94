package io.hypertape.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.run.ResumedRuns;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Steps as CUDA graphs, over the double of CUDA's libraries or on a GPU. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaResumedRunsTest extends ResumedRuns {

  @Override
  protected Session open() {
    Session session = Session.open(Device.CUDA);
    assertEquals("cuda", session.backendName());
    return session;
  }

  @Override
  protected int stride() {
    return 5;
  }
}

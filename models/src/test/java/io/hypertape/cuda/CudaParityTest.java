package io.hypertape.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.parity.PyTorchParity;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The cuda backend, over the double of CUDA's libraries or, where the tests are told so, on a GPU.
 */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaParityTest extends PyTorchParity {

  CudaParityTest() {
    super(1e-4);
  }

  @Override
  protected Session open() {
    Session session = Session.open(Device.CUDA);
    assertEquals("cuda", session.backendName());
    return session;
  }
}

package io.hypertape.autodiff;

import io.hypertape.bindings.testing.CleanDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same on a device. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaHostMemoryTest extends HostMemoryTest {

  @Override
  Stream<SessionOptions> sessions() {
    return Stream.of(SessionOptions.of(Device.CUDA));
  }
}

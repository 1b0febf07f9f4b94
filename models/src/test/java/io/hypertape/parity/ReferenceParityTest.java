package io.hypertape.parity;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;

/** The oracle, in double precision as PyTorch's numbers are. */
class ReferenceParityTest extends PyTorchParity {

  ReferenceParityTest() {
    super(1e-9);
  }

  @Override
  protected Session open() {
    return Session.open(SessionOptions.of(Device.REFERENCE).withPrecision(Precision.FLOAT64));
  }
}

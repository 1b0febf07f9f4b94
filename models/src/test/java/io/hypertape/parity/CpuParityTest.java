package io.hypertape.parity;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;

/** The CPU's kernels, in single precision. */
class CpuParityTest extends PyTorchParity {

  CpuParityTest() {
    super(1e-4);
  }

  @Override
  protected Session open() {
    return Session.open(SessionOptions.of(Device.CPU).withThreads(2));
  }
}

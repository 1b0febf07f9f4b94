package io.hypertape.run;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;

class CpuFiniteRunsTest extends FiniteRuns {

  @Override
  protected Session open() {
    return Session.open(SessionOptions.of(Device.CPU).withPrecision(Precision.FLOAT32));
  }
}

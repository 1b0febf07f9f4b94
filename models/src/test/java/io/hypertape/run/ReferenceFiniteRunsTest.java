package io.hypertape.run;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;

class ReferenceFiniteRunsTest extends FiniteRuns {

  @Override
  protected Session open() {
    return Session.open(SessionOptions.of(Device.REFERENCE).withPrecision(Precision.FLOAT32));
  }
}

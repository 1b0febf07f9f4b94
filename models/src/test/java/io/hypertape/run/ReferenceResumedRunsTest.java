package io.hypertape.run;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;

/** In double precision, whose every bit counts. */
class ReferenceResumedRunsTest extends ResumedRuns {

  @Override
  protected Session open() {
    return Session.open(SessionOptions.of(Device.REFERENCE));
  }

  @Override
  protected int stride() {
    return 3;
  }
}

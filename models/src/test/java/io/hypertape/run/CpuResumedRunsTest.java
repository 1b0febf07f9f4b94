package io.hypertape.run;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;

/** Steps as lists of bound kernel calls. */
class CpuResumedRunsTest extends ResumedRuns {

  @Override
  protected Session open() {
    return Session.open(SessionOptions.of(Device.CPU).withThreads(2));
  }
}

package io.hypertape.models;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;

/** Steps as lists of bound kernel calls. */
class CpuRecordedTrainingTest extends RecordedTraining {

  @Override
  protected Session open() {
    return Session.open(SessionOptions.of(Device.CPU).withThreads(1));
  }
}

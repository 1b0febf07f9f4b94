package io.hypertape.benchmarks.paper;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.benchmarks.parts.Conditions;

/** Counts steps on one thread of the CPU, and stops after so many. */
record FewSteps(long[] steps, long most) implements Conditions {

  static FewSteps of(long most) {
    return new FewSteps(new long[1], most);
  }

  @Override
  public Session open() {
    return Session.open(SessionOptions.of(Device.CPU).withThreads(1));
  }

  @Override
  public boolean stops() {
    return steps[0] >= most;
  }

  @Override
  public void step() {
    steps[0]++;
  }
}

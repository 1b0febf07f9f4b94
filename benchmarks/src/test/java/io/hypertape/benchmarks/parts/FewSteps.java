package io.hypertape.benchmarks.parts;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;

/** Counts steps on one thread of the CPU, and stops after so many. */
public record FewSteps(long[] steps, long most) implements Conditions {

  public static FewSteps of(long most) {
    return new FewSteps(new long[1], most);
  }

  /** Counts, and lets a part come to its end. */
  public static FewSteps toTheEnd() {
    return of(Long.MAX_VALUE);
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

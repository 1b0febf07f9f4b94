package io.hypertape.autodiff.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** An operation runs on vectors from now on. */
@Name("io.hypertape.VectorsCompiled")
@Label("Vectors Compiled")
@Category("Hypertape")
@Description("An operation that ran by its scalar twin runs on vectors from now on")
@StackTrace(false)
final class CompiledEvent extends Event {

  @Label("Operation")
  String operation;

  @Label("Time in the Twin")
  @Timespan(Timespan.NANOSECONDS)
  long twin;

  @Label("Time in Trials")
  @Timespan(Timespan.NANOSECONDS)
  long trials;

  static void commit(String operation, long twinNanos, long trialNanos) {
    CompiledEvent event = new CompiledEvent();
    if (event.shouldCommit()) {
      event.operation = operation;
      event.twin = twinNanos;
      event.trials = trialNanos;
      event.commit();
    }
  }
}

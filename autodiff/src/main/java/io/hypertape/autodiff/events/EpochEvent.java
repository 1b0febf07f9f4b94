package io.hypertape.autodiff.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** An epoch of a run. */
@Name("io.hypertape.Epoch")
@Label("Training Epoch")
@Category("Hypertape")
@Description("An epoch of a run, or what was left of it, with its evaluation")
@StackTrace(false)
final class EpochEvent extends Event {

  @Label("Number")
  int number;

  @Label("Steps")
  @Description("Steps of the run so far")
  long steps;

  @Label("Mean Loss")
  double loss;
}

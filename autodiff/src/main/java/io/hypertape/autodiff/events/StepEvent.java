package io.hypertape.autodiff.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A step of a run. */
@Name("io.hypertape.Step")
@Label("Training Step")
@Category("Hypertape")
@Description("A step of a run, its batch's preparation included")
@StackTrace(false)
final class StepEvent extends Event {

  @Label("Number")
  long number;

  @Label("Loss")
  double loss;
}

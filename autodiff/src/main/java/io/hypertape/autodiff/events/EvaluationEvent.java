package io.hypertape.autodiff.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A judgement of a model. */
@Name("io.hypertape.Evaluation")
@Label("Evaluation")
@Category("Hypertape")
@Description("A model was judged on data held back")
@StackTrace(false)
final class EvaluationEvent extends Event {

  @Label("Steps")
  @Description("Steps of the run so far")
  long steps;

  @Label("Score")
  String score;
}

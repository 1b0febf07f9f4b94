package io.hypertape.trace;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.checks.Nulls;
import io.hypertape.models.Losses;
import io.hypertape.models.Mlp;
import io.hypertape.models.Mode;
import io.hypertape.optim.HyperparameterValue;
import io.hypertape.optim.Input;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import io.hypertape.tensor.DType;
import java.util.List;
import java.util.Map;

/** Replays a reference trace on a session and compares. */
public final class TraceReplay {

  private final ReferenceTrace trace;
  private final TraceReport.Tolerance tolerance;
  private double loss;
  private double hyper;
  private double weights;

  private TraceReplay(ReferenceTrace trace, TraceReport.Tolerance tolerance) {
    this.trace = trace;
    this.tolerance = tolerance;
  }

  /**
   * Replays with the tolerance of the session's precision.
   *
   * @param session where
   * @param trace what
   * @return the comparison
   * @throws IllegalArgumentException if the trace's parts do not fit together
   */
  public static TraceReport run(Session session, ReferenceTrace trace) {
    Nulls.check(session, "trace: session");
    Nulls.check(trace, "trace: trace");
    TraceReport.Tolerance tolerance =
        session.dtype() == DType.F64
            ? TraceReport.Tolerance.FLOAT64
            : TraceReport.Tolerance.FLOAT32;
    return new TraceReplay(trace, tolerance).run(session);
  }

  private TraceReport run(Session session) {
    Mlp model = Mlp.of(session, trace.model(), trace.initial());
    try (TowerOptimizer optimizer = trace.tower().bind(session, model.parameters())) {
      compareHypers("initial_hyper", optimizer.hyperparameters(), trace.initialHyper());
      TrainingStep step =
          optimizer.prepare(in -> Losses.nll(model.forward(in.get(0), Mode.TRAIN), in.get(1)));
      int features = trace.model().sizes().getFirst();
      for (int i = 0; i < trace.steps().size(); i++) {
        ReferenceTrace.Batch batch = trace.batches().get(i % trace.batches().size());
        double value =
            step.run(Input.doubles(batch.x(), batch.y().length, features), Input.indices(batch.y()))
                .item();
        ReferenceTrace.Step expected = trace.steps().get(i);
        loss = worse(loss, error(value, expected.loss()));
        compareHypers("steps[" + i + "]", optimizer.hyperparameters(), expected.hyper());
      }
      compareWeights(model);
    }
    return new TraceReport(trace.name(), trace.steps().size(), loss, hyper, weights, tolerance);
  }

  private void compareHypers(
      String where, List<HyperparameterValue> ours, List<Map<String, Double>> theirs) {
    int expected = theirs.stream().mapToInt(Map::size).sum();
    if (ours.size() != expected) {
      throw new IllegalArgumentException(
          where
              + ": the trace has "
              + expected
              + " hyperparameters, the tower "
              + trace.tower()
              + " has "
              + ours.size());
    }
    for (HyperparameterValue value : ours) {
      Double reference = theirs.get(value.level() - 1).get(value.name());
      if (reference == null) {
        throw new IllegalArgumentException(
            where
                + ": no value of "
                + value.label()
                + "; there are "
                + theirs.get(value.level() - 1).keySet());
      }
      hyper = worse(hyper, error(value.raw(), reference));
    }
  }

  private void compareWeights(Mlp model) {
    for (Parameter parameter : model.parameters()) {
      double[] ours = parameter.value().toDoubles();
      double[] theirs = trace.finalWeights().get(parameter.name());
      if (theirs == null || theirs.length != ours.length) {
        throw new IllegalArgumentException(
            "final: " + parameter + " is missing or has not " + ours.length + " values");
      }
      for (int i = 0; i < ours.length; i++) {
        weights = worse(weights, error(ours[i], theirs[i]));
      }
    }
  }

  private double error(double ours, double theirs) {
    return Math.abs(ours - theirs) / Math.max(Math.abs(theirs), tolerance.floor());
  }

  /** NaN wins. */
  private static double worse(double a, double b) {
    return Math.max(a, b);
  }
}

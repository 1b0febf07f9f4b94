package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tower that goes on from a snapshot, in another session, takes the steps of one that ran on. */
public abstract class ResumedSteps {

  private static final int ROWS = 8;
  private static final int FEATURES = 6;
  private static final int HIDDEN = 5;
  private static final int CLASSES = 3;
  private static final int STEPS = 24;

  /** The backend to be tested. */
  protected abstract Backend open();

  /** After how many steps towers are stopped. */
  protected int[] stops() {
    return new int[] {0, 1, 2, 5, 17};
  }

  /** A tower at work on a small network, its steps recorded where that is possible. */
  private static final class Run implements AutoCloseable {
    final Session session;
    final List<Parameter> parameters;
    final TowerOptimizer optimizer;
    final TrainingStep step;
    final List<Double> values = new ArrayList<>();

    Run(Backend backend, String tower) {
      session = Session.over(backend);
      parameters =
          List.of(
              new Parameter("w1", session.normal(new int[] {HIDDEN, FEATURES}, 1, 1)),
              new Parameter("b1", session.normal(new int[] {HIDDEN}, 1, 2)),
              new Parameter("w2", session.normal(new int[] {CLASSES, HIDDEN}, 1, 3)));
      optimizer = Tower.parse(tower).bind(session, parameters);
      step =
          optimizer.prepare(
              in ->
                  in.get(0)
                      .matmulTransposed(value(0))
                      .add(value(1))
                      .tanh()
                      .matmulTransposed(value(2))
                      .logSoftmax()
                      .pick(in.get(1))
                      .mean()
                      .neg());
    }

    Tensor value(int parameter) {
      return parameters.get(parameter).value();
    }

    /** Steps from one number to another; what they give is kept. */
    void steps(int from, int to) {
      for (int i = from; i < to; i++) {
        Random random = new Random(i);
        float[] x = new float[ROWS * FEATURES];
        for (int k = 0; k < x.length; k++) {
          x[k] = (float) random.nextGaussian();
        }
        int[] labels = random.ints(ROWS, 0, CLASSES).toArray();
        values.add(step.run(Input.floats(x, ROWS, FEATURES), Input.indices(labels)).item());
        optimizer.hyperparameters().forEach(h -> values.add(h.raw()));
        for (Parameter parameter : parameters) {
          for (double value : parameter.value().toDoubles()) {
            values.add(value);
          }
        }
      }
    }

    @Override
    public void close() {
      optimizer.close();
      session.close();
    }
  }

  /** A snapshot, away from the backend. */
  private record Stored(String tower, long steps, Map<String, int[]> shapes, List<double[]> data) {

    static Stored of(TowerSnapshot snapshot) {
      Map<String, int[]> shapes = new LinkedHashMap<>();
      List<double[]> data = new ArrayList<>();
      snapshot
          .tensors()
          .forEach(
              (name, tensor) -> {
                shapes.put(name, tensor.shape());
                data.add(tensor.toDoubles());
              });
      return new Stored(snapshot.tower(), snapshot.steps(), shapes, data);
    }

    void restore(Run run) {
      try (Scope unused = run.session.scratch()) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        int at = 0;
        for (Map.Entry<String, int[]> entry : shapes.entrySet()) {
          tensors.put(entry.getKey(), run.session.tensor(data.get(at++), entry.getValue()));
        }
        run.optimizer.restore(new TowerSnapshot(tower, steps, tensors));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auto(adam) schedule=decay(0.5, 30)",
        "auto(sgd(10, mu=0.9)) schedule=decay(0.5, 40) cap=100",
        "adam(0.01)/sgd(0.1, by=tape+max+clip(0.5)+warmup(3))/sgd(0.1, by=agreement(0.1))",
        "auto(adam) schedule=decay(0.5, 30) guard=jump+edge(1.001, 3)",
        "auto(adam) group(w2, adam(0.01)/sgd(1e-3)) schedule=constant guard=jump+edge(1.001, 3)",
        "auto(adam) schedule=decay(0.5, 30) heldout=2",
        "adam(0.01, tune=alpha+beta1+beta2, log=alpha, logit=beta1+beta2)/sgd-per-param(alpha=0.35,"
            + " beta1=0.1, beta2=0.05, tune=alpha_alpha, log=alpha_alpha,"
            + " by=trace(-0.75)+max+held+restart(2.5, 0.5))/sgd(0.15, by=agreement(0.5))"
            + " schedule=decay(0.5, 30) guard=jump(10, 0.3, 2) cap=1e-5..0.001",
        "sgd(0.01, mu=0.5, decay=0.01, tune=mu+decay, logit=mu, log=decay)/sgd(0.1, by=trace(-0.5)+max)"
            + " heldout=3",
        "auto(sgd(10, mu=0.9)) schedule=decay(0.5, 40) cap=100 heldout=3",
        "sgd(0.05, mu=0.5, decay=1e-3)/adam(0.01) heldout=2 clip=0.5",
        "adam(0.01)/sgd(0.1, by=tape+max+clip(0.5)+warmup(3))/sgd(0.1, by=agreement(0.1)) heldout=4",
        "schedule-free-adamw(0.01, decay=0.1)/sgd(1e-4) heldout=2",
        "sgd-per-param(w2=0.1)/sgd(1e-3) group(b1, adam(0.01)) heldout=3",
        "sgd(0.05)",
        "sgd(0.05, mu=0.9)",
        "sgd(0.05, mu=0.5, decay=1e-3)/sgd(0.01)",
        "adam(0.01)/sgd(1e-4)",
        "adam(0.01)/adam(1e-3)/sgd(1e-4)",
        "adam(0.01, tune=alpha)/sgd(1e-4)",
        "adam-alpha(0.01)/adam-alpha(1e-3)/sgd(1e-4)",
        "sgd-per-param(w1=0.1, b1=0.1, w2=0.1)/sgd(1e-3)",
        "sgd-per-param(w2=0.1)/sgd(1e-3)",
        "rmsprop(0.01)/sgd(1e-4)",
        "rmsprop-alpha(0.01)/adagrad(1e-3)",
        "adagrad(0.05)/sgd(1e-3)",
        "adamw(0.01, decay=0.1)/sgd(1e-4) schedule=warmup(4, cosine(20))",
        "adam(0.01)/sgd(1e-4) clip=0.05",
        "sgd(0.05, mu=0.9)/sgd(0.01) clip=0.1 schedule=milestones(6, 12, 0.5)",
        "adam(0.01, log=alpha, logit=beta1+beta2, within=alpha(0.009..0.011))/sgd(0.1)",
        "sgd(0.05, log=alpha)/sgd(0.35, log=alpha, within=alpha(0.35..1))/sgd(0.15)",
        "sgd(0.05, mu=0.9, log=alpha)/sgd(0.01) schedule=decay(0.5, 24)",
        "sgd(0.01)/sgd(1e-4)^10",
        "dog(reps=1e-2, decay=1e-3, average=8)/sgd(1e-3)",
        "dowg/sgd(1e-3) clip=0.5",
        "prodigy(d0=1e-3, decay=0.1, growth=1.5)/sgd(1e-3) schedule=cosine(30)",
        "dadapt-adam(d0=1e-3, bias=1)/sgd(1e-3)",
        "dadapt-sgd(mu=0.5, d0=1e-2)",
        "schedule-free-sgd(0.1, warmup=6)/sgd(1e-3)",
        "schedule-free-adamw(0.01, decay=0.1)/sgd(1e-4) clip=0.5",
        "mechanic-sgd(1, mu=0.9, init=1e-3)/sgd(1e-4)",
        "mechanic-adamw",
        "hd-adam(0.01)/sgd(1e-4)",
        "osgm(init=0.01)/sgd(1e-4)",
        "hdm(scalar=1)/sgd(1e-4)"
      })
  void stepsHaveTheBitsOfTheUninterrupted(String tower) {
    double[] whole;
    try (Run run = new Run(open(), tower)) {
      run.steps(0, STEPS);
      whole = values(run);
    }
    for (int stop : stops()) {
      Stored stored;
      List<Double> values;
      try (Run first = new Run(open(), tower)) {
        first.steps(0, stop);
        stored = Stored.of(first.optimizer.snapshot());
        values = first.values;
      }
      try (Run second = new Run(open(), tower)) {
        second.values.addAll(values);
        stored.restore(second);
        second.steps(stop, STEPS);
        assertArrayEquals(whole, values(second), "stopped after " + stop);
        assertTrue(second.optimizer.steps() == STEPS);
      }
    }
  }

  private static double[] values(Run run) {
    return run.values.stream().mapToDouble(v -> v).toArray();
  }
}

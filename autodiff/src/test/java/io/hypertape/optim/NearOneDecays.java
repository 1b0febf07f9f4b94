package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decays that float32 cannot tell from 1, or hardly, and tuned ones at the ends. */
public abstract class NearOneDecays {

  /** The backend to be tested. */
  protected abstract Backend open();

  private static Tensor loss(Session session, Parameter w) {
    Tensor scales = session.tensor(new double[] {1, 0.5, 2, 0.03}, 4);
    return w.value().square().mul(scales).sum();
  }

  /** How far the weights are from where they began, and the stored hyperparameters. */
  private static double[] run(Backend backend, String tower) {
    try (Session session = Session.over(backend)) {
      double[] start = {1, -2, 0.5, 0.125};
      Parameter w = new Parameter("w", session.tensor(start, 4));
      List<Double> seen = new ArrayList<>();
      try (TowerOptimizer optimizer = Tower.parse(tower).bind(session, List.of(w))) {
        for (int i = 0; i < 30; i++) {
          optimizer.step(() -> loss(session, w));
        }
        double[] end = w.value().toDoubles();
        for (int i = 0; i < end.length; i++) {
          seen.add(end[i] - start[i]);
        }
        optimizer.hyperparameters().forEach(h -> seen.add(h.raw()));
      }
      return seen.stream().mapToDouble(v -> v).toArray();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "adam(0.01, beta2=0.999999)",
        "adam(0.01, beta2=0.99999999)",
        "adam(0.01, beta1=0.9999999, beta2=0.99999999)",
        "adam(0.01, beta1=1e-9, beta2=1e-9)",
        "adam(0.01, beta2=0.999999, decay=0.01)",
        "adamw(0.01, beta2=0.99999999)",
        "schedule-free-adamw(0.01, beta2=0.99999999)",
        "dadapt-adam(1, beta2=0.999999, d0=0.01)",
        "adam-alpha(0.01, beta2=0.99999999)/sgd(1e-4)",
        "adam(0.01, beta2=0.999999)/sgd(1e-3)",
        "adam(0.01, beta2=0.99999999)/sgd(1e-3)",
        "adam(0.01, beta1=0.99999, beta2=0.9999999)/adam(1e-3, beta2=0.99999999)/sgd(1e-4)",
        "adamw(0.01, beta2=0.9999999)/sgd(1e-3)",
        "adam(0.01, beta2=0.99999999, logit=beta1+beta2, log=alpha)/sgd(1e-3)",
        "adam(0.01, beta2=0.9999999, log=alpha+beta1+beta2)/sgd(1e-9)",
        "rmsprop(0.001, gamma=0.99999999)",
        "rmsprop(0.001, gamma=0.999999)/sgd(1e-6)",
        "rmsprop-alpha(0.001, gamma=0.9999999)/sgd(1e-6)"
      })
  void movesAsInDoublePrecision(String tower) {
    double[] expected = run(new ReferenceBackend(DType.F64), tower);
    double[] actual = run(open(), tower);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(
          expected[i], actual[i], 2e-5 * Math.abs(expected[i]) + 1e-7, tower + ", number " + i);
    }
    for (int i = 0; i < 4; i++) {
      assertTrue(Math.abs(expected[i]) > 1e-4, "weights move");
    }
  }

  /** Stored forms that no decay has any digits of, as an upper level may leave them. */
  @ParameterizedTest
  @ValueSource(doubles = {-1000, -60, -20, -9, 9, 20, 60, 1000})
  void decaysAtTheEndsNeitherFreezeNorBreakTheWeights(double raw) {
    for (String text :
        List.of(
            "adam(0.01)/sgd(1e-4)",
            "rmsprop(1e-6)/sgd(1e-12)",
            "adamw(0.01)/adam(1e-4)",
            "adam(0.01, log=alpha, logit=beta1+beta2)/sgd(1e-4)")) {
      try (Session session = Session.over(open())) {
        Tower tower = Tower.parse(text);
        double[] start = {1, -2, 0.5, 2};
        Parameter before = new Parameter("w", session.tensor(start, 4));
        Parameter w = new Parameter("w", session.tensor(start, 4));
        try (TowerOptimizer first = tower.bind(session, List.of(before));
            TowerOptimizer second = tower.bind(session, List.of(w))) {
          TowerSnapshot snapshot = first.snapshot();
          Map<String, Tensor> changed = new HashMap<>(snapshot.tensors());
          changed.replaceAll(
              (name, value) ->
                  name.matches("L2/(beta1|beta2|gamma)/value") ? session.scalar(raw) : value);
          second.restore(new TowerSnapshot(snapshot.tower(), snapshot.steps(), changed));
          double[] last = start;
          for (int i = 0; i < 4; i++) {
            second.step(() -> loss(session, w));
            double[] now = w.value().toDoubles();
            for (int k = 0; k < now.length; k++) {
              String what = text + " at " + raw + ", step " + i + ": " + last[k] + " → " + now[k];
              assertTrue(Double.isFinite(now[k]) && now[k] != last[k], what);
            }
            last = now;
            for (HyperparameterValue h : second.hyperparameters()) {
              assertTrue(Double.isFinite(h.raw()), h.toString());
              boolean decay = h.name().startsWith("beta") || h.name().equals("gamma");
              assertTrue(!decay || h.value() > 0 && h.value() < 1, h.toString());
            }
          }
        }
      }
    }
  }
}

package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** What traces are computed by, on a backend with kernels for it and by its definitions. */
final class TraceOpsCases {

  private static final double[][] RATES = {
    // n, value, highest, rests, factor, gamma, ln drop, rest, first
    {0, -7, -1e38, 0, 1, -0.5, 1.4, 0.125, 1},
    {1, -7, -1e38, 0, 1, -0.5, 1.4, 0.125, 1},
    {1, -7, -1e38, 0, 1, -1, 1.4, 0.125, 1},
    {2, -7, -1e38, 0, 1, 0, 1.4, 0.125, 5},
    {30, -7, -5, 0, 1, -0.5, 1.4, 0.125, 1},
    {300, -7, -5, 0, 1, 8, 1.4, 0.125, 1},
    {300, -7, -5, 0, 0.999, 8, 1.4, 0.125, 1},
    {300, -7, -5, 310, 1, 8, 1.4, 0.125, 1},
    {310, -7, -5, 310, 1, 8, 1.4, 0.125, 1},
    {300, -3, -5, 0, 1, -0.5, Double.POSITIVE_INFINITY, 0, 1},
  };
  private static final double[][] COSINES = {
    // product, gradient, trace, n, largest, normalized, limit
    {0, 4, 0, 0, 0, 1, Double.POSITIVE_INFINITY},
    {0, 4, 0, 1, 0.5, 1, Double.POSITIVE_INFINITY},
    {0, 0, 0, 1, 0.5, 1, Double.POSITIVE_INFINITY},
    {Double.NaN, Double.NaN, 0, 1, 0.5, 1, Double.POSITIVE_INFINITY},
    {-3, 4, 9, 1, 0.1, 1, Double.POSITIVE_INFINITY},
    {-3, 4, 9, 7, 0.8, 1, Double.POSITIVE_INFINITY},
    {-3, 4, 9, 7, 0.8, 0, Double.POSITIVE_INFINITY},
    {3, 4, 9, 7, 0.8, 1, 0.25},
    {Double.NaN, Double.NaN, 9, 7, 0.8, 1, 2},
    {0, 0, 9, 7, 0, 1, 2},
    {1e20, Double.POSITIVE_INFINITY, 1, 7, 0.5, 1, 2},
  };

  private TraceOpsCases() {}

  private static List<Double> results(Backend backend) {
    List<Double> results = new ArrayList<>();
    try (Session session = Session.over(backend)) {
      session.scoped(
          () -> {
            for (double[] each : RATES) {
              TraceOps.Rate rate = TraceOps.rate(scalars(session, each));
              for (Tensor one : List.of(rate.rate(), rate.open(), rate.highest(), rate.rests())) {
                results.add(one.item());
              }
            }
            for (double[] each : COSINES) {
              List<Tensor> in = scalars(session, each);
              TraceOps.Cosine cosine =
                  TraceOps.cosine(
                      new TraceOps.Sums(in.get(0), in.get(1), in.get(2)),
                      in.get(3),
                      in.get(4),
                      in.get(5),
                      in.get(6));
              results.add(cosine.gradient().item());
              results.add(cosine.largest().item());
            }
            choices(session, results);
            return null;
          });
    }
    return results;
  }

  private static void choices(Session session, List<Double> results) {
    Tensor a = session.tensor(new double[] {1, -0.0, Double.NaN, 4, 5, 6}, 2, 3);
    Tensor b = session.tensor(new double[] {-1, 0.0, 3, Double.POSITIVE_INFINITY, 2, 1}, 2, 3);
    for (double condition : new double[] {0, -0.0, 1, -3, Double.NaN}) {
      for (Tensor first : List.of(a, a.transpose().reshape(2, 3))) {
        Tensor chosen = Tensor.where(session.scalar(condition), first, b);
        for (double value : chosen.toDoubles()) {
          results.add(value);
        }
      }
    }
  }

  private static List<Tensor> scalars(Session session, double[] values) {
    List<Tensor> scalars = new ArrayList<>();
    for (double value : values) {
      scalars.add(session.scalar(value));
    }
    return scalars;
  }

  /** A backend's kernels do what the definitions say. */
  static void check(Backend backend) {
    List<Double> expected = results(new ReferenceBackend(DType.F32));
    List<Double> actual = results(backend);
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      double size = Math.abs(expected.get(i));
      double tolerance = Double.isFinite(size) ? 1e-6 * size : 0;
      assertEquals(expected.get(i), actual.get(i), tolerance, "result " + i);
    }
    // A restart, of which the rest of the row follows, highest among it.
    assertEquals(-7, expected.get(4 * 4 + 2));
    assertEquals(1, expected.get(4 * 4));
    assertEquals(40, expected.get(4 * 4 + 3));
    assertEquals(337.5, expected.get(4 * 5 + 3));
  }
}

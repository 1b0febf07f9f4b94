package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.data.DataSplit;
import io.hypertape.data.Strokes;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.EvaluationWeights;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model is judged, seen and left by the weights that its optimizer says it shall be used by. */
class EvaluationWeightsTest {

  private static final DataSplit SMALL = Strokes.generate(1, 600, 200);

  /** What a listener finds after each epoch. */
  private record Seen(Mlp model, Session session, List<Double> trained, List<Double> shown)
      implements TrainingListener {
    @Override
    public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer) {
      double before = Evaluation.of(session, model, SMALL.test()).loss();
      trained.add(before);
      try (EvaluationWeights weights = optimizer.evaluation()) {
        double now = Evaluation.of(session, model, SMALL.test()).loss();
        assertEquals(now, ((Evaluation) test).loss(), "the score is that of weights as shown");
        shown.add(now);
      }
      assertEquals(before, Evaluation.of(session, model, SMALL.test()).loss());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schedule-free-adamw(0.01, warmup=3)",
        "schedule-free-sgd(0.5)/sgd(1e-3)",
        "prodigy(d0=1e-3, average=4) schedule=cosine"
      })
  void theyAreThoseOfTheScoreAndOfTheEnd(String tower) throws IOException {
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1))) {
      Mlp model = Mlp.create(session, MlpSpec.tanh(784, 10, 10), 1);
      Seen seen = new Seen(model, session, new ArrayList<>(), new ArrayList<>());
      Evaluation last =
          new Trainer(session, model, SMALL)
              .options(new TrainingOptions(3, 64, 1))
              .listener(seen)
              .run(Tower.parse(tower));
      assertEquals(3, seen.shown().size());
      assertNotEquals(seen.trained().getLast(), seen.shown().getLast());
      assertEquals(seen.shown().getLast(), last.loss());
      assertEquals(last, Evaluation.of(session, model, SMALL.test()), "what is left");
    }
  }
}

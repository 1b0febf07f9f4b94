package io.hypertape.benchmarks.paper;

import io.hypertape.autodiff.Session;
import io.hypertape.data.DataSplit;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.HyperparameterValue;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.DivergedException;
import io.hypertape.run.Evaluation;
import io.hypertape.run.Score;
import io.hypertape.run.Trainer;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.TrainingOptions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The paper's MLP: 784-128-10, tanh after both layers, batch 256, PyTorch's initial weights. */
final class MnistMlp implements Task {

  private static final int HIDDEN = 128;
  private static final int BATCH = 256;

  private final DataSplit data;
  private final String digest;

  MnistMlp(DataSplit data) {
    this.data = data;
    this.digest =
        Digest.of(
            data.train().pixels(),
            data.train().labels(),
            data.test().pixels(),
            data.test().labels());
  }

  @Override
  public String name() {
    return "mlp";
  }

  @Override
  public String title() {
    return "MLP "
        + data.train().features()
        + "-"
        + HIDDEN
        + "-"
        + data.train().classes()
        + " on MNIST";
  }

  @Override
  public Map<String, String> key() {
    Map<String, String> key = new LinkedHashMap<>();
    key.put("model", "mlp tanh " + spec().sizes());
    key.put("batch", Integer.toString(BATCH));
    key.put("data", data.train().size() + " + " + data.test().size() + " images, " + digest);
    return key;
  }

  private MlpSpec spec() {
    return MlpSpec.tanh(data.train().features(), HIDDEN, data.train().classes());
  }

  @Override
  public long stepsOfEpoch() {
    return Trainer.steps(data, new TrainingOptions(1, BATCH, 1));
  }

  @Override
  public String measure() {
    return "test_error_percent";
  }

  @Override
  public String measureText() {
    return "test error (%)";
  }

  @Override
  public double guessing() {
    return 100 * (1 - 1.0 / data.test().classes());
  }

  @Override
  public Outcome train(Tower tower, int epochs, long seed, Conditions conditions)
      throws IOException {
    Map<String, Double> figures = new LinkedHashMap<>();
    Follower follower = new Follower(conditions, figures);
    try (Session session = conditions.open()) {
      Mlp model = Mlp.create(session, spec(), seed);
      TrainingOptions options = new TrainingOptions(epochs, BATCH, seed);
      Evaluation test =
          new Trainer(session, model, data).options(options).listener(follower).run(tower);
      if (conditions.stops()) {
        throw new StoppedException();
      }
      Map<String, Double> all = new LinkedHashMap<>();
      all.put(measure(), percent(test));
      all.put("test_loss", test.loss());
      all.putAll(figures);
      return new Outcome(all, "");
    } catch (DivergedException e) {
      return new Outcome(
          Map.of(measure(), guessing()), "diverged at step " + e.step() + " (counted as guessing)");
    }
  }

  /** Without the digits that a fraction of 10,000 images does not have. */
  private static double percent(Evaluation test) {
    return 100.0 * Math.round(test.error() * test.images()) / test.images();
  }

  /** Keeps what stands at the end of the last epoch. */
  private record Follower(Conditions conditions, Map<String, Double> figures)
      implements TrainingListener {

    @Override
    public void step(long step, double loss, TowerOptimizer optimizer) {
      conditions.step();
    }

    @Override
    public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer) {
      List<HyperparameterValue> values = optimizer.hyperparameters();
      figures.put("train_loss", trainLoss);
      values.forEach(v -> figures.put(v.label(), v.value()));
    }

    @Override
    public boolean stops() {
      return conditions.stops();
    }
  }
}

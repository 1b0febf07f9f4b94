package io.hypertape.benchmarks.paper;

import io.hypertape.autodiff.Session;
import io.hypertape.benchmarks.parts.Digest;
import io.hypertape.data.DataSplit;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.Tower;
import io.hypertape.run.Trainer;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.TrainingOptions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The paper's MLP: 784-128-10, tanh after both layers, batch 256, PyTorch's initial weights.
 *
 * @param data MNIST
 * @param digest of the data
 * @param epochs passes over the training set
 */
record MnistMlp(DataSplit data, String digest, int epochs) implements TrainingRun {

  private static final int HIDDEN = 128;
  private static final int BATCH = 256;

  static MnistMlp of(DataSplit data, int epochs) {
    return new MnistMlp(
        data,
        Digest.of(
            data.train().pixels(),
            data.train().labels(),
            data.test().pixels(),
            data.test().labels()),
        epochs);
  }

  /** The same for another time. */
  MnistMlp withEpochs(int newEpochs) {
    return new MnistMlp(data, digest, newEpochs);
  }

  private MlpSpec spec() {
    return MlpSpec.tanh(data.train().features(), HIDDEN, data.train().classes());
  }

  @Override
  public PaperModel model() {
    return PaperModel.MLP;
  }

  @Override
  public String name() {
    return "mlp";
  }

  /** Model and data, such as {@code MLP 784-128-10 on MNIST}. */
  String subject() {
    return "MLP "
        + data.train().features()
        + "-"
        + HIDDEN
        + "-"
        + data.train().classes()
        + " on MNIST";
  }

  @Override
  public String title() {
    return subject() + ", " + length();
  }

  @Override
  public Length length() {
    return Length.epochs(epochs);
  }

  @Override
  public Map<String, String> key() {
    Map<String, String> key = new LinkedHashMap<>();
    key.put("model", "mlp tanh " + spec().sizes());
    key.put("batch", Integer.toString(BATCH));
    key.put("data", data.train().size() + " + " + data.test().size() + " images, " + digest);
    key.put("epochs", Integer.toString(epochs));
    return key;
  }

  @Override
  public long steps() {
    return Trainer.steps(data, options(1));
  }

  private TrainingOptions options(long seed) {
    return new TrainingOptions(epochs, BATCH, seed);
  }

  @Override
  public double stepSeconds() {
    return 1e-3;
  }

  @Override
  public RunMeasure measure() {
    return RunMeasure.error(data.test().classes());
  }

  @Override
  public String remark() {
    return "";
  }

  @Override
  public Result train(Session session, Tower tower, long seed, TrainingListener listener)
      throws IOException {
    Mlp model = Mlp.create(session, spec(), seed);
    return Result.ofError(
        new Trainer(session, model, data).options(options(seed)).listener(listener).run(tower));
  }
}

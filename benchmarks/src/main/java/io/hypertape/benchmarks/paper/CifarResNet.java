package io.hypertape.benchmarks.paper;

import io.hypertape.autodiff.Session;
import io.hypertape.benchmarks.parts.Digest;
import io.hypertape.data.Augmentation;
import io.hypertape.data.DataSplit;
import io.hypertape.data.Normalization;
import io.hypertape.data.Preparation;
import io.hypertape.models.ResNet;
import io.hypertape.models.ResNetSpec;
import io.hypertape.optim.Tower;
import io.hypertape.run.Trainer;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.TrainingOptions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The paper's CNN: ResNet-20 on CIFAR-10, with He et al.'s initial weights, crops and flips. */
final class CifarResNet implements TrainingRun {

  private static final int DEPTH = 20;
  private static final int BATCH = 128;
  private static final int QUICK_BATCH = 32;

  private final DataSplit data;
  private final int batch;
  private final int epochs;
  private final String remark;

  private CifarResNet(DataSplit data, int batch, int epochs, String remark) {
    this.data = data;
    this.batch = batch;
    this.epochs = epochs;
    this.remark = remark;
  }

  /** On all images. */
  static CifarResNet whole(DataSplit data, int epochs) {
    return new CifarResNet(data, BATCH, epochs, "");
  }

  /** A short run in smaller batches on no more than so many images of each part. */
  static CifarResNet quick(DataSplit data, int train, int test, int epochs) {
    DataSplit few = new DataSplit(data.name(), data.train().first(train), data.test().first(test));
    return new CifarResNet(
        few,
        QUICK_BATCH,
        epochs,
        String.format(
            Locale.ROOT,
            "A quick run, on the first %,d images, judged by the first %,d of the test set: it shows"
                + " that everything runs; nothing can be read from its figures.",
            few.train().size(),
            few.test().size()));
  }

  @Override
  public PaperModel model() {
    return PaperModel.RESNET20;
  }

  @Override
  public String name() {
    return "cnn";
  }

  @Override
  public String title() {
    return String.format(
        Locale.ROOT,
        "ResNet-%d on CIFAR-10, %d %s%s",
        DEPTH,
        epochs,
        epochs == 1 ? "epoch" : "epochs",
        remark.isEmpty() ? "" : " (quick)");
  }

  @Override
  public Length length() {
    return Length.steps(steps());
  }

  @Override
  public Map<String, String> key() {
    Map<String, String> key = new LinkedHashMap<>();
    key.put("model", spec().toString());
    key.put("batch", Integer.toString(batch));
    key.put("epochs", Integer.toString(epochs));
    key.put("augmentation", Augmentation.CROP_AND_FLIP.toString());
    key.put(
        "data",
        data.train().size()
            + " + "
            + data.test().size()
            + " images, "
            + Digest.of(
                data.train().pixels(),
                data.train().labels(),
                data.test().pixels(),
                data.test().labels()));
    return key;
  }

  private ResNetSpec spec() {
    return new ResNetSpec(DEPTH, data.train().channels(), data.train().classes());
  }

  @Override
  public long steps() {
    return Trainer.steps(data, new TrainingOptions(epochs, batch, 1));
  }

  @Override
  public RunMeasure measure() {
    return RunMeasure.error(data.test().classes());
  }

  @Override
  public double stepSeconds() {
    return 6e-3 * batch;
  }

  @Override
  public String remark() {
    String length =
        String.format(
            Locale.ROOT, "Batch %d, %,d steps, random crops and mirror images.", batch, steps());
    return remark.isEmpty() ? length : remark + " " + length;
  }

  @Override
  public Result train(Session session, Tower tower, long seed, TrainingListener listener)
      throws IOException {
    ResNet model = ResNet.create(session, spec(), seed);
    Preparation preparation =
        new Preparation(Normalization.of(data.train()), Augmentation.CROP_AND_FLIP);
    TrainingOptions options = new TrainingOptions(epochs, batch, seed);
    return Result.ofError(
        new Trainer(session, model, data)
            .prepared(preparation)
            .options(options)
            .listener(listener)
            .run(tower));
  }
}

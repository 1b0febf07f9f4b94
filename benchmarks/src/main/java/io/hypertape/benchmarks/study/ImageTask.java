package io.hypertape.benchmarks.study;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.data.Augmentation;
import io.hypertape.data.Batches;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Preparation;
import io.hypertape.models.Layer;
import io.hypertape.models.Losses;
import io.hypertape.models.Mode;
import io.hypertape.optim.Input;
import io.hypertape.run.Evaluation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Images to be told apart, or to be given back.
 *
 * @param name on the command line
 * @param half of the tasks that it belongs to
 * @param network what learns
 * @param objective what it shall do
 * @param data what it learns from
 * @param batch images a step; those that fill no whole batch are left out of an epoch
 * @param epochs passes over the images
 * @param stepSeconds about how long a step takes
 * @param quality what it is judged by
 */
record ImageTask(
    String name,
    Half half,
    StudyNetwork network,
    Objective objective,
    ImageData data,
    int batch,
    int epochs,
    double stepSeconds,
    Quality quality)
    implements Task {

  /** What a network shall do with images. */
  enum Objective {
    /** Tell their classes; it gives log-probabilities. */
    CLASSES,
    /** Give their pixels back. */
    PIXELS
  }

  /** Mean squared errors of pixels are small numbers. */
  private static final double THOUSANDTHS = 1000;

  ImageTask {
    if (data.train().size() < batch) {
      throw new IllegalArgumentException(
          name
              + ": "
              + data.train().size()
              + " images to learn from are fewer than a batch of "
              + batch);
    }
  }

  static ImageTask of(
      String name,
      Half half,
      StudyNetwork network,
      Objective objective,
      ImageData data,
      int batch,
      int epochs,
      double stepSeconds) {
    Quality quality =
        switch (objective) {
          case CLASSES -> Quality.error(data.train().classes());
          // Who has learned nothing gives the mean image back.
          case PIXELS ->
              new Quality("mean squared error (1/1000)", THOUSANDTHS * data.distanceFromMean());
        };
    return new ImageTask(name, half, network, objective, data, batch, epochs, stepSeconds, quality);
  }

  @Override
  public String title() {
    return String.format(
        Locale.ROOT,
        "%s on %,d images of %s, batch %d, %d %s",
        network,
        data.train().size(),
        data.name(),
        batch,
        epochs,
        epochs == 1 ? "epoch" : "epochs");
  }

  @Override
  public Map<String, String> key() {
    Map<String, String> key = new LinkedHashMap<>();
    key.put("model", network.toString());
    key.put("objective", objective.toString());
    key.put("data", data.text());
    key.put("batch", Integer.toString(batch));
    key.put("epochs", Integer.toString(epochs));
    return key;
  }

  @Override
  public long steps() {
    return (long) epochs * (data.train().size() / batch);
  }

  @Override
  public Trial begin(Session session, long seed) {
    return new Images(session, seed);
  }

  private final class Images implements Trial {

    private final Session session;
    private final long seed;
    private final Layer model;
    private final Batches batches =
        new Batches(
            data.train(),
            batch,
            Batches.LastBatch.DROP,
            new Preparation(data.normalization(), Augmentation.NONE));
    private int epoch = 1;

    Images(Session session, long seed) {
      this.session = session;
      this.seed = seed;
      this.model = network.create(session, data.train(), seed);
      batches.shuffle(seed, epoch);
    }

    @Override
    public List<Parameter> parameters() {
      return model.parameters();
    }

    @Override
    public Tensor loss(List<Tensor> inputs) {
      Tensor output = model.forward(inputs.getFirst(), Mode.TRAIN);
      return objective == Objective.CLASSES
          ? Losses.nll(output, inputs.get(1))
          : distance(output, inputs.getFirst());
    }

    @Override
    public Input[] next() {
      if (!batches.next()) {
        epoch++;
        batches.shuffle(seed, epoch);
        batches.next();
      }
      Input pixels = pixels(batches, data.train());
      return objective == Objective.CLASSES
          ? new Input[] {pixels, Input.indices(batches.y())}
          : new Input[] {pixels};
    }

    @Override
    public Mark valid() {
      return mark(data.valid());
    }

    @Override
    public Mark test() {
      return mark(data.test());
    }

    private Mark mark(LabeledImages images) {
      if (objective == Objective.PIXELS) {
        double loss = meanDistance(images);
        return new Mark(THOUSANDTHS * loss, loss);
      }
      Evaluation result = Evaluation.of(session, model, images, data.normalization());
      // Without the digits that a fraction of so many images does not have.
      double wrong = Math.round(result.error() * result.examples());
      return new Mark(100 * wrong / result.examples(), result.loss());
    }

    private double meanDistance(LabeledImages images) {
      Batches all =
          new Batches(
              images,
              1000,
              Batches.LastBatch.KEEP,
              new Preparation(data.normalization(), Augmentation.NONE));
      double sum = 0;
      while (all.next()) {
        try (Scope unused = session.scratch()) {
          Tensor x =
              session.tensor(
                  all.x(), all.rows(), images.channels(), images.height(), images.width());
          sum += all.rows() * distance(model.forward(x, Mode.EVALUATE), x).item();
        }
      }
      return sum / images.size();
    }

    @Override
    public void close() {
      model.close();
    }
  }

  private static Tensor distance(Tensor output, Tensor images) {
    return Losses.meanSquaredError(output, images.reshape(images.shape()[0], -1));
  }

  private static Input pixels(Batches batches, LabeledImages images) {
    return Input.floats(
        batches.x(), batches.rows(), images.channels(), images.height(), images.width());
  }
}

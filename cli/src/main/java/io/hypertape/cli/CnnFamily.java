package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.data.Augmentation;
import io.hypertape.data.DataSplit;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import io.hypertape.data.Preparation;
import io.hypertape.models.Cnn;
import io.hypertape.models.CnnSpec;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;

/**
 * Small convolutional networks, on normalized images of any size.
 *
 * @param augmentation how training images are varied
 */
record CnnFamily(Augmentation augmentation) implements ModelFamily {

  @Override
  public Defaults defaults() {
    return new Defaults("auto(adam)", 3, 128);
  }

  @Override
  public PreparedModel prepare(Session session, DataOptions options, long seed, PrintStream err)
      throws IOException {
    DataSplit data = options.images(err);
    LabeledImages train = data.train();
    CnnSpec form = new CnnSpec(train.channels(), train.height(), train.width(), train.classes());
    return new PreparedClassifier(
        session,
        Cnn.create(session, form, seed),
        data,
        new Preparation(Normalization.of(train), augmentation),
        ModelKind.CNN.toString(),
        Map.of());
  }
}

package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.data.Augmentation;
import io.hypertape.data.DataSplit;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import io.hypertape.data.Preparation;
import io.hypertape.models.ResNet;
import io.hypertape.models.ResNetSpec;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;

/**
 * Residual networks, on normalized images of any size.
 *
 * @param kind which one
 * @param augmentation how training images are varied
 */
record ResNetFamily(ModelKind kind, Augmentation augmentation) implements ModelFamily {

  @Override
  public Defaults defaults() {
    return new Defaults("auto(sgd(mu=0.9, decay=1e-4))", 10, 128);
  }

  @Override
  public PreparedModel prepare(Session session, DataOptions options, long seed, PrintStream err)
      throws IOException {
    DataSplit data = options.images(err);
    LabeledImages train = data.train();
    ResNetSpec form = new ResNetSpec(kind.depth(), train.channels(), train.classes());
    return new PreparedClassifier(
        session,
        ResNet.create(session, form, seed),
        data,
        new Preparation(Normalization.of(train), augmentation),
        kind.toString(),
        Map.of());
  }
}

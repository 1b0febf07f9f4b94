package io.hypertape.run;

import io.hypertape.autodiff.Session;
import io.hypertape.data.Augmentation;
import io.hypertape.data.DataSplit;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import io.hypertape.data.Preparation;
import io.hypertape.data.TextCorpus;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Classifier;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Model;
import io.hypertape.models.ResNet;
import io.hypertape.models.ResNetSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** What is trained where runs are stopped and go on. */
final class RunTasks {

  private static final int IMAGES = 20;
  private static final int SIDE = 4;

  private RunTasks() {}

  /** What is trained, in a session of its own. */
  interface Task {
    Model model(Session session);

    Training training(Session session, Model model, TrainingOptions options, RunFollower follower)
        throws IOException;

    int batch();
  }

  static final class Images implements Task {
    private final boolean convolutional;

    Images(boolean convolutional) {
      this.convolutional = convolutional;
    }

    private static LabeledImages set(int images) {
      Random random = new Random(images);
      byte[] pixels = new byte[images * 3 * SIDE * SIDE];
      random.nextBytes(pixels);
      byte[] labels = new byte[images];
      for (int i = 0; i < images; i++) {
        labels[i] = (byte) random.nextInt(3);
      }
      return new LabeledImages("noise", 3, SIDE, SIDE, 3, pixels, labels);
    }

    @Override
    public Model model(Session session) {
      return convolutional
          ? ResNet.create(session, new ResNetSpec(8, 3, 3), 1)
          : Mlp.create(session, MlpSpec.tanh(3 * SIDE * SIDE, 9, 3), 1);
    }

    @Override
    public Training training(
        Session session, Model model, TrainingOptions options, RunFollower follower) {
      DataSplit data = new DataSplit("noise", set(IMAGES), set(7));
      Preparation preparation =
          new Preparation(Normalization.of(data.train()), Augmentation.CROP_AND_FLIP);
      return new Trainer(session, (Classifier) model, data)
          .prepared(preparation)
          .options(options)
          .listener(follower);
    }

    @Override
    public int batch() {
      // Three batches and a smaller one.
      return 6;
    }
  }

  static final class Text implements Task {
    private final Path folder;

    Text(Path folder) {
      this.folder = folder;
    }

    private TextCorpus corpus() throws IOException {
      Random random = new Random(5);
      StringBuilder text = new StringBuilder();
      while (text.length() < 400) {
        text.append(List.of("abcd ", "xbyd ").get(random.nextInt(2)));
      }
      Path file = folder.resolve("text");
      Files.writeString(file, text);
      return TextCorpus.load(file);
    }

    @Override
    public Model model(Session session) {
      return CharLstm.create(session, new CharLstmSpec(7, 8, 8, 2, 0.3), 1);
    }

    @Override
    public Training training(
        Session session, Model model, TrainingOptions options, RunFollower follower)
        throws IOException {
      return new LanguageTrainer(session, (CharLstm) model, corpus())
          .options(options)
          .unroll(19)
          .listener(follower);
    }

    @Override
    public int batch() {
      // Four batches.
      return 4;
    }
  }
}

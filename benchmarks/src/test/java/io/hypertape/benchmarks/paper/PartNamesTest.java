package io.hypertape.benchmarks.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.benchmarks.parts.Experiment;
import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.Part;
import io.hypertape.benchmarks.parts.Results;
import io.hypertape.benchmarks.parts.Store;
import io.hypertape.data.DataSplit;
import io.hypertape.data.LabeledImages;
import io.hypertape.optim.Sgd;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Experiments and parts are called, told and kept under the names that they have always had: what
 * was run with an earlier version is found again. A part's file has a digest of its key in its
 * name.
 */
class PartNamesTest {

  /** Each first level that table 1 learns has a value, and so has each measure. */
  private static final Outcome DONE =
      new Outcome(
          Map.of(
              "test_error_percent", 12.345,
              "test_perplexity", 1.5e7,
              "L1.sgd.alpha", 0.5,
              "L1.adam.alpha", 0.5,
              "L1.adam.beta1", 0.8,
              "L1.adam.beta2", 0.9,
              "L1.rmsprop.alpha", 0.25,
              "L1.rmsprop.gamma", 0.75,
              "L1.adagrad.alpha", 0.125),
          "");

  private static final Outcome DIVERGED =
      new Outcome(Map.of("test_error_percent", 90.0, "test_perplexity", 9.0), "diverged at step 3");

  @TempDir private Path folder;

  private static LabeledImages images(int count, long seed, int channels, int side) {
    Random random = new Random(seed);
    byte[] pixels = new byte[count * channels * side * side];
    byte[] labels = new byte[count];
    random.nextBytes(pixels);
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) random.nextInt(10);
    }
    return new LabeledImages("noise", channels, side, side, 10, pixels, labels);
  }

  private static DataSplit noise(int channels, int side) {
    return new DataSplit("noise", images(70, 1, channels, side), images(40, 2, channels, side));
  }

  private static Experiment sensitivity(TrainingRun training) {
    return new Sensitivity(
        new Sensitivity.Subject(
            training, Sgd::new, Uppers.DESCENDING, List.of(1e-3, 1.0), List.of()),
        1);
  }

  private Map<String, Experiment> experiments() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "abc def gh ".repeat(728));
    MnistMlp mlp = MnistMlp.of(noise(1, 28), 30);
    DataSplit cifar = noise(3, 8);
    Map<String, Experiment> all = new LinkedHashMap<>();
    all.put("mlp", sensitivity(mlp));
    all.put("mlp, one epoch", sensitivity(mlp.withEpochs(1)));
    all.put("rnn", sensitivity(CharRnn.whole(text, 3000)));
    all.put("rnn, quick", sensitivity(CharRnn.quick(text, 4000, 1)));
    all.put("cnn", sensitivity(CifarResNet.whole(cifar, 1)));
    all.put("cnn, quick", sensitivity(CifarResNet.quick(cifar, 64, 32, 2)));
    all.put("table 1", new Table1(mlp, 1, Table1.Length.WHOLE));
    all.put("table 1, short", new Table1(mlp, 1, Table1.Length.SHORT));
    all.put("RNN", Comparisons.rnn(CharRnn.whole(text, 3000), 2));
    all.put("CNN", Comparisons.cnn(CifarResNet.whole(cifar, 2), 1));
    return all;
  }

  @Test
  void namesAreWhatTheyHaveAlwaysBeen() throws IOException {
    StringBuilder names = new StringBuilder();
    for (Map.Entry<String, Experiment> entry : experiments().entrySet()) {
      names.append("# ").append(entry.getKey()).append(": ");
      describe(entry.getValue(), names);
    }
    try (InputStream expected = getClass().getResourceAsStream("part-names.txt")) {
      assertEquals(new String(expected.readAllBytes(), StandardCharsets.UTF_8), names.toString());
    }
  }

  private void describe(Experiment experiment, StringBuilder names) throws IOException {
    Results none = part -> Optional.empty();
    Results all = part -> Optional.of(DONE);
    Store store = new Store(folder, Map.of("backend", "test"));
    names
        .append(experiment.name() + ", " + experiment.laterSteps(none) + " later steps of ")
        .append(experiment.stepSeconds() + " s\n");
    experiment.write(all, folder, "");
    names.append(Files.readAllLines(folder.resolve(experiment.name() + ".md")).getFirst() + "\n");
    names.append(Files.readAllLines(folder.resolve(experiment.name() + ".csv")).getFirst() + "\n");
    Part first = experiment.parts(none).getFirst();
    names.append(first.told(DONE) + "; " + first.told(DIVERGED) + "\n");
    for (Part part : experiment.parts(all)) {
      names
          .append(part.label() + ", " + part.steps() + " steps: ")
          .append(store.file(part).getFileName() + "\n");
    }
  }
}

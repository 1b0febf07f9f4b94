package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.io.Safetensors;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Cnn;
import io.hypertape.models.CnnSpec;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Model;
import io.hypertape.models.ResNet;
import io.hypertape.models.ResNetSpec;
import io.hypertape.optim.StepSchedule;
import io.hypertape.optim.Tower;
import io.hypertape.run.Checkpoint;
import io.hypertape.run.folder.RunFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same words give the same texts and files in any locale: with digits, points, calendars and
 * cases of letters of its own. A library is a guest, whose JVM has the locale that it has.
 */
class LocalesTest {

  private static final Locale FORMER = Locale.getDefault();
  private static final Locale FORMER_FORMAT = Locale.getDefault(Locale.Category.FORMAT);
  private static final Locale FORMER_DISPLAY = Locale.getDefault(Locale.Category.DISPLAY);

  @TempDir private static Path ours;
  private static List<String> expected;

  @TempDir private Path folder;

  @AfterEach
  void restore() {
    reset();
  }

  private static void reset() {
    Locale.setDefault(FORMER);
    Locale.setDefault(Locale.Category.FORMAT, FORMER_FORMAT);
    Locale.setDefault(Locale.Category.DISPLAY, FORMER_DISPLAY);
  }

  @BeforeAll
  static void inNoLocale() throws IOException {
    Locale.setDefault(Locale.ROOT);
    try {
      expected = transcript(ours);
    } finally {
      reset();
    }
  }

  private static String run(Path folder, int status, String... args) {
    CommandResult result = CommandResult.of(args);
    String text = result.out() + result.err();
    assertEquals(status, result.status(), text);
    return text.replace(folder.toString(), "FOLDER").replaceAll("in [0-9.]+ s:", "in TIME:");
  }

  private static String train(Path folder, String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--backend", "CPU", "--threads", "1"));
    args.addAll(Arrays.asList(more));
    return run(folder, 0, args.toArray(String[]::new));
  }

  /** A few images in MNIST's files. */
  private static Path digits(Path folder) throws IOException {
    Path digits = Files.createDirectories(folder.resolve("digits"));
    for (String part : List.of("train", "t10k")) {
      int n = part.equals("train") ? 60 : 20;
      ByteBuffer images = ByteBuffer.allocate(16 + 784 * n);
      images.putInt(0x803).putInt(n).putInt(28).putInt(28);
      new Random(n).ints(784L * n, 0, 256).forEach(pixel -> images.put((byte) pixel));
      ByteBuffer labels = ByteBuffer.allocate(8 + n).putInt(0x801).putInt(n);
      new Random(n).ints(n, 0, 10).forEach(label -> labels.put((byte) label));
      Files.write(digits.resolve(part + "-images-idx3-ubyte"), images.array());
      Files.write(digits.resolve(part + "-labels-idx1-ubyte"), labels.array());
    }
    return digits;
  }

  /** What commands print, and the files that they leave. */
  private static List<String> transcript(Path folder) throws IOException {
    List<String> texts = new ArrayList<>();
    String run = folder.resolve("run").toString();
    String tower = "ADAM(1e-3, tune=alpha)/sgd(1.5e-5) clip=0.5";
    texts.add(
        train(
            folder,
            "--data",
            "MNIST",
            "--data-dir",
            digits(folder).toString(),
            "--batch",
            "20",
            "--hidden",
            "12,7",
            "--optimizer",
            tower,
            "--schedule",
            "warmup(2, milestones(4, 0.5))",
            "--steps",
            "3",
            "--out",
            run));
    texts.add(train(folder, "--resume", run, "--steps", "5"));
    String digits = folder.resolve("digits").toString();
    texts.add(run(folder, 0, "evaluate", run, "--data", "mnist", "--data-dir", digits));
    Path text = Files.writeString(folder.resolve("text"), "Iris is in it, \n".repeat(60));
    String written = folder.resolve("written").toString();
    texts.add(
        train(
            folder,
            "--data",
            "TEXT",
            "--data-file",
            text.toString(),
            "--hidden",
            "8",
            "--batch",
            "4",
            "--unroll",
            "20",
            "--steps",
            "3",
            "--out",
            written));
    texts.add(run(folder, 0, "generate", written, "--prompt", "I", "--length", "12"));
    texts.add(run(folder, 1, "generate", written, "--prompt", "é"));
    Files.write(text, new byte[] {'a', (byte) 0xFF});
    texts.add(run(folder, 1, "train", "--data", "text", "--data-file", text.toString()));
    texts.add(run(folder, 2, "train", "--steps", "-12"));
    for (String made : List.of("run", "written")) {
      for (String file : List.of("config.json", "metrics.csv")) {
        String found =
            Files.readString(folder.resolve(made).resolve(file)).replace(folder + "", "");
        // A checksum is that of a text with the folder's name.
        texts.add(found.replaceAll("crc32c:[0-9a-f]{8}", "CHECKSUM"));
      }
      for (String file : List.of("plot.png", "model.safetensors", "state.safetensors")) {
        byte[] bytes = Files.readAllBytes(folder.resolve(made).resolve(file));
        texts.add(file + " of " + made + ": " + Arrays.hashCode(bytes));
      }
    }
    return texts;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ar-EG",
        "fa-IR",
        "mr-IN",
        "tr-TR",
        "hi-IN-u-nu-deva",
        "th-TH-u-ca-buddhist-nu-thai",
        "ja-JP-u-ca-japanese"
      })
  void everyCommandSpeaksAsInAnother(String tag) throws IOException {
    Locale.setDefault(Locale.forLanguageTag(tag));
    List<String> texts = transcript(folder);
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), texts.get(i));
    }
    assertEquals(expected.size(), texts.size());
    String name = RunFolder.stamped().getFileName().toString();
    assertTrue(name.matches("20[2-9][0-9][01][0-9][0-3][0-9]-[0-9]{6}.*"), name);
    for (String tower :
        List.of("adagrad(0.01)/rmsprop(1e-4)/sgd(1e-12)", "sgd(0.1, mu=0.9, decay=1e-4)")) {
      assertEquals(tower, Tower.parse(tower).toString());
    }
    assertEquals("adagrad(0.01)", Tower.parse("ADAGRAD(0.01)").toString());
    StepSchedule schedule = StepSchedule.parse("warmup(400, milestones(1000, 0.25))");
    assertEquals(0.25, schedule.factor(5000));
  }

  /** A step of SGD from w = 0: the loss is log 2, the gradient softmax(0) − onehot. */
  @Test
  void aTraceIsReplayedWithDigitsOfAnother() throws IOException {
    String json =
        """
        {"case": "by hand",
         "model": {"kind": "mlp", "sizes": [1, 2], "activations": ["none"], "head": "log_softmax",
                   "loss": "nll_mean"},
         "initial": {"layer1.weight": [[0], [0]], "layer1.bias": [0, 0]},
         "tower": [{"optimizer": "sgd", "alpha": 0.5}],
         "batches": [{"x": [[1]], "y": [0]}],
         "initial_hyper": [{"alpha": 0.5, "mu": 0}],
         "steps": [{"loss": 0.6931471805599453, "hyper": [{"alpha": 0.5, "mu": 0}]}],
         "final": {"layer1.weight": [[0.25], [-0.25]], "layer1.bias": [0.25, -0.25]}}
        """;
    Path trace = Files.writeString(folder.resolve("trace.json"), json);
    String other = run(folder, 0, "trace", trace.toString());
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    assertEquals(other, run(folder, 0, "trace", trace.toString()));
  }

  /** Which model a file has is told by the names of its tensors, which end in numbers. */
  @Test
  void bareTensorsMakeTheirModelsWithDigitsOfAnother() throws IOException {
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1))) {
      for (Model model :
          List.of(
              Mlp.create(session, MlpSpec.tanh(4, 3, 2), 1),
              Cnn.create(session, new CnnSpec(1, 10, 10, 3), 1),
              ResNet.create(session, new ResNetSpec(14, 1, 2), 1),
              CharLstm.create(session, CharLstmSpec.of(3).withLayers(4, 2), 1))) {
        Path file = folder.resolve(model.family());
        Checkpoint.write(file, model, Map.of());
        assertEquals(model.form(), Checkpoint.read(session, file).model().form());
        new Safetensors(Safetensors.read(file).tensors(), Map.of()).write(file);
        assertEquals(model.family(), Checkpoint.read(session, file).model().family());
      }
    }
  }
}

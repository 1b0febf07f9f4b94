package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hypertape.bindings.testing.CudaWheels;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command as its users see it: in a process of its own, without a terminal. */
class CommandLineTest {

  private static final int PATIENCE_SECONDS = 120;
  private static final String NO_CUDA = "-Dhypertape.cuda.path=none";

  @TempDir private Path folder;
  private Path mnist;

  /** What a command left. */
  private record Result(int status, String out, String err) {

    /** One clear line, and no stack trace. */
    Result assertFails(int expected, String... parts) {
      assertEquals(expected, status, out + err);
      List<String> lines = err.lines().filter(line -> line.startsWith("hypertape: ")).toList();
      assertEquals(1, lines.size(), err);
      for (String part : parts) {
        assertTrue(err.contains(part), err);
      }
      assertFalse(err.contains("\tat "), err);
      return this;
    }

    Result assertDone() {
      assertEquals(0, status, out + err);
      return this;
    }
  }

  @BeforeEach
  void smallSet() throws IOException {
    mnist = folder.resolve("data");
    Files.createDirectory(mnist);
    write("train", 600);
    write("t10k", 200);
  }

  /** Bright upper halves are 0, bright lower halves 1, both 2. */
  private void write(String part, int n) throws IOException {
    Random random = new Random(part.hashCode());
    ByteBuffer images = ByteBuffer.allocate(16 + 784 * n);
    images.putInt(0x803).putInt(n).putInt(28).putInt(28);
    ByteBuffer labels = ByteBuffer.allocate(8 + n).putInt(0x801).putInt(n);
    for (int i = 0; i < n; i++) {
      int label = i % 3;
      labels.put((byte) label);
      for (int k = 0; k < 784; k++) {
        boolean bright = label == 2 || (k < 392) == (label == 0);
        images.put((byte) (random.nextInt(100) + (bright ? 100 : 0)));
      }
    }
    Files.write(mnist.resolve(part + "-images-idx3-ubyte"), images.array());
    Files.write(mnist.resolve(part + "-labels-idx1-ubyte"), labels.array());
  }

  private ProcessBuilder process(List<String> flags, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"));
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(Arrays.asList(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(folder.toFile());
    builder.redirectOutput(folder.resolve("out.txt").toFile());
    builder.redirectError(folder.resolve("err.txt").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("JAVA_TOOL"));
    return builder;
  }

  private Result result(Process process) throws IOException, InterruptedException {
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the command did not end");
    Result result =
        new Result(
            process.exitValue(),
            Files.readString(folder.resolve("out.txt")),
            Files.readString(folder.resolve("err.txt")));
    String both = result.out() + result.err();
    assertTrue(
        both.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t'),
        "control characters in: " + both.replace("\r", "\\r").replace("\u001b", "\\e"));
    return result;
  }

  private Result run(String... args) throws IOException, InterruptedException {
    return result(process(List.of(NO_CUDA), args).start());
  }

  private Result train(String... more) throws IOException, InterruptedException {
    List<String> args = new ArrayList<>(List.of("train", "--data", "mnist", "--data-dir"));
    args.addAll(List.of(mnist.toString(), "--hidden", "16", "--batch", "50"));
    args.addAll(Arrays.asList(more));
    return run(args.toArray(String[]::new));
  }

  @Test
  void trainLeavesEverythingThatARunNeeds() throws Exception {
    Path run = folder.resolve("run");
    Result result = train("--epochs", "3", "--threads", "1", "--out", run.toString());
    result.assertDone();
    List<String> lines = result.out().lines().toList();
    assertEquals(4, lines.size(), result.out());
    assertTrue(
        lines.get(0).matches("epoch 1/3  train loss \\S+  test error \\S+%  L1.adam.alpha=.*"));
    assertTrue(lines.get(2).contains("L2.sgd.alpha=1.0000e-05"), result.out());
    assertTrue(lines.get(3).startsWith("done in "), result.out());
    assertTrue(result.err().contains("steps are replayed, "), result.err());
    JsonNode config = new ObjectMapper().readTree(run.resolve("config.json").toFile());
    assertEquals(
        "adam(0.001)/sgd(1.0E-5)", config.path("optimizer").asText().replace("1e-5", "1.0E-5"));
    assertEquals(600, config.path("train_images").asInt());
    List<String> table = Files.readAllLines(run.resolve("metrics.csv"));
    assertEquals(1 + 3 * 12, table.size());
    assertEquals(table.getFirst().split(",").length, table.getLast().split(",").length);
    assertTrue(ImageIO.read(run.resolve("plot.png").toFile()).getWidth() > 600);

    Result again =
        run("evaluate", run.toString(), "--data", "mnist", "--data-dir", mnist.toString());
    again.assertDone();
    String error = lines.get(3).replaceAll(".*test error (\\S+)%.*", "$1");
    assertTrue(again.out().contains("200 images") && again.out().contains(error), again.out());

    train("--out", run.toString()).assertFails(1, "holds a run already");
  }

  private Path text(String name, String line) throws IOException {
    Path text = folder.resolve(name);
    Files.writeString(text, line.repeat(100));
    return text;
  }

  private Result trainOnText(Path text, String... more) throws Exception {
    List<String> args = new ArrayList<>(List.of("train", "--data", "text", "--data-file"));
    args.add(text.toString());
    args.addAll(List.of("--hidden", "16", "--layers", "1", "--batch", "4", "--unroll", "20"));
    args.addAll(Arrays.asList(more));
    return run(args.toArray(String[]::new));
  }

  @Test
  void aLanguageModelIsTrainedTestedAndWrites() throws Exception {
    Path run = folder.resolve("run");
    Path text = text("text.txt", "Größe ist käuflich, 3 € das Stück.\n");
    String[] options = {
      "--steps",
      "150",
      "--optimizer",
      "adam(1e-2)/sgd(1e-5)",
      "--clip",
      "5",
      "--schedule",
      "warmup(10, cosine)",
      "--dropout",
      "0.1",
      "--out",
      run.toString()
    };
    Result result = trainOnText(text, options).assertDone();
    List<String> lines = result.out().lines().toList();
    // 2800 characters in 4 streams of 699: 34 steps an epoch.
    assertEquals(6, lines.size(), result.out());
    assertTrue(
        lines
            .get(4)
            .matches(
                "epoch 5/5  train loss \\S+  valid perplexity \\S+  test perplexity \\S+  L1.*"),
        result.out());
    assertTrue(lines.get(5).startsWith("done in "), result.out());
    assertEquals(151, Files.readAllLines(run.resolve("metrics.csv")).size());
    JsonNode config = new ObjectMapper().readTree(run.resolve("config.json").toFile());
    assertTrue(config.path("optimizer").asText().contains("clip=5"), config.toString());
    assertTrue(config.path("optimizer").asText().contains("warmup(10, cosine(140))"));
    assertEquals(150, config.path("steps").asInt());
    assertEquals(2800, config.path("train_characters").asInt());

    Result again = run("evaluate", run.toString(), "--data-file", text.toString()).assertDone();
    String perplexity = lines.get(5).replaceAll(".*(test perplexity [0-9.]+).*", "$1");
    assertTrue(again.out().contains(perplexity), again.out() + perplexity);
    assertTrue(Double.parseDouble(perplexity.split(" ")[2]) < 4, perplexity);

    String[] generate = {"generate", run.toString(), "--length", "60", "--prompt", "Größe"};
    String written = run(generate).assertDone().out();
    assertTrue(written.startsWith("Größe"), written);
    assertEquals(66, written.length(), written);
    assertEquals(written, run(generate).out());
    run("generate", run.toString(), "--prompt", "Größe!")
        .assertFails(1, "the prompt has '!' (U+0021)");
    assertEquals(31, run("generate", run.toString(), "--length", "30").out().length());
    run("evaluate", run.toString(), "--data", "mnist")
        .assertFails(2, "char-lstm is a model of text; --data mnist are images");
  }

  @Test
  void textsThatCannotBeLearned() throws Exception {
    Path text = text("text.txt", "words and words\n");
    Files.write(text, new byte[] {'a', '\n', (byte) 0xFF, 'b'});
    trainOnText(text, "--out", folder.resolve("a").toString())
        .assertFails(1, text + ": not UTF-8: byte 0xff at offset 2 (line 2)");
    trainOnText(text("short", "x"), "--out", folder.resolve("b").toString())
        .assertFails(1, "the training part has 80 characters", "need at least 81");
    trainOnText(folder.resolve("none"), "--out", folder.resolve("c").toString())
        .assertFails(1, "none: there is no such file");
  }

  private Path pictures(int side) throws IOException {
    Path place = folder.resolve("pictures" + side);
    for (String name : List.of("dark", "light")) {
      Files.createDirectories(place.resolve(name));
      for (int i = 0; i < 20; i++) {
        var image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < side * side; p++) {
          int value = (p * 7 + i * 13) % 100 + (name.equals("dark") ? 0 : 140);
          image.setRGB(p % side, p / side, value << 16 | (value / 2) << 8 | value);
        }
        ImageIO.write(image, "png", place.resolve(name).resolve(i + ".png").toFile());
      }
    }
    return place;
  }

  @ParameterizedTest
  @CsvSource({"cnn,16,0.00", "resnet20,9,"})
  void convolutionalModelsLearnFromAFolder(String model, int side, String error) throws Exception {
    Path run = folder.resolve("run");
    String pictures = pictures(side).toString();
    Result result =
        run(
                "train",
                "--data",
                "images",
                "--data-dir",
                pictures,
                "--image-size",
                "8",
                "--model",
                model,
                "--batch",
                "8",
                "--epochs",
                "3",
                "--optimizer",
                "adam(1e-2)/sgd(1e-6)",
                "--out",
                run.toString())
            .assertDone();
    List<String> lines = result.out().lines().toList();
    assertEquals(4, lines.size(), result.out());
    String shown = lines.get(3).replaceAll(".*test error (\\S+)%.*", "$1");
    assertTrue(error == null || shown.equals(error), result.out());
    Result again =
        run(
                "evaluate",
                run.toString(),
                "--data",
                "images",
                "--data-dir",
                pictures,
                "--image-size",
                "8")
            .assertDone();
    assertTrue(again.out().contains("8 images, test loss "), again.out());
    assertTrue(again.out().contains("test error " + shown + "%"), again.out() + shown);
    run("evaluate", run.toString(), "--data", "mnist", "--data-dir", mnist.toString())
        .assertFails(1, model + " for inputs of [3, ", "mnist has [1, 28, 28]");
    run("generate", run.toString()).assertFails(1, model + " is no language model");
  }

  @Test
  void imagesOfDifferentSizesAreNamed() throws Exception {
    Path place = pictures(6);
    Files.copy(pictures(7).resolve("dark/3.png"), place.resolve("dark/x.png"));
    run("train", "--data", "images", "--data-dir", place.toString(), "--out", "a")
        .assertFails(1, "--image-size N brings all to one size");
  }

  @Test
  void cifarFilesAreNamed() throws Exception {
    Path place = Files.createDirectory(folder.resolve("cifar"));
    run("train", "--data", "cifar10", "--data-dir", place.toString(), "--out", "a")
        .assertFails(1, place + ": CIFAR-10's data_batch_1.bin", "missing");
    for (String name : List.of("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4")) {
      Files.write(place.resolve(name + ".bin"), new byte[3073]);
    }
    Files.write(place.resolve("data_batch_5.bin"), new byte[3073]);
    Files.write(place.resolve("test_batch.bin"), new byte[3073]);
    run("train", "--model", "resnet20", "--data-dir", place.toString(), "--out", "b")
        .assertFails(
            1,
            "data_batch_1.bin: cut off: 3073 bytes; 30730000 bytes (10000 images of 3073 bytes)");
  }

  @Test
  void equalSeedsLeaveEqualFiles() throws Exception {
    for (String name : List.of("a", "b")) {
      train("--epochs", "2", "--seed", "9", "--out", folder.resolve(name).toString()).assertDone();
    }
    for (String file : List.of("model.safetensors", "metrics.csv")) {
      assertEquals(
          -1,
          Files.mismatch(folder.resolve("a").resolve(file), folder.resolve("b").resolve(file)),
          file);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|a command is needed",
        "trian|Unmatched argument",
        "train --epochs 0|epochs is 0",
        "train --epochs x|--epochs",
        "train --batch -1|--batch is -1",
        "train --hidden 12,x|'12,x' is no list of sizes",
        "train --activation gelu|unknown activation 'gelu'",
        "train --data cifar|unknown data set 'cifar'; known are strokes, mnist, cifar10, images, text",
        "train --backend gpu|--backend",
        "train --threads 5000|threads",
        "train --model lstm|known are mlp, cnn, resnet20, resnet32, resnet56, char-lstm",
        "train --model char-lstm --data mnist|char-lstm is a model of text; --data mnist are images",
        "train --model cnn --data text|cnn is a model of images; --data text is for char-lstm",
        "train --data text|--data text needs the text's file, --data-file FILE",
        "train --model char-lstm|--data text needs the text's file",
        "train --data images|--data images needs the images' folder, --data-dir DIR",
        "train --data strokes --data-dir x|--data-dir has no meaning for strokes",
        "train --data mnist --image-size 8|--image-size is for --data images, not for mnist",
        "train --data images --data-dir x --image-size 0|--image-size is 0",
        "train --limit 0|--limit is 0",
        "train --data images --data-dir x --limit 5|--limit is for strokes, mnist and cifar10",
        "train --model resnet20 --hidden 3|--hidden is for mlp and char-lstm",
        "train --layers 2|--layers is for char-lstm, not for --model mlp",
        "train --data text --data-file x --activation relu|--activation is for mlp",
        "train --data text --data-file x --augment none|--augment is for models of images",
        "train --data text --data-file x --hidden 3,4|'3,4' is no number of units",
        "train --data text --data-file x --layers 0|--layers is 0",
        "train --data text --data-file x --dropout 1|--dropout is 1.0",
        "train --data text --data-file x --demo|--demo is for --model mlp",
        "train --augment flip|unknown augmentation 'flip'; known are none, crop-and-flip",
        "train --steps 0|steps is 0",
        "train --demo --steps 5|--demo compares whole epochs",
        "train --schedule step(10)|unexpected ')'; ',' is needed",
        "train --schedule cosine --optimizer sgd(0.1)schedule=cosine|has a schedule already, cosine",
        "train --clip 0|--clip",
        "train --optimizer sgd(0.1,decay=-1)|decay",
        "generate|MODEL",
        "generate x --length -1|--length is -1",
        "generate x --temperature -1|--temperature is -1",
        "train --frobnicate|Unknown option",
        "evaluate|MODEL",
        "trace|FILE|DIR"
      })
  void wrongUsage(String args, String part) throws Exception {
    run(args == null ? new String[0] : args.split(" ")).assertFails(2, part);
  }

  @Test
  void aBadTowerIsPointedAt() throws Exception {
    Result result = run("train", "--optimizer", "adam(1e-3)/sdg(1e-5)");
    result.assertFails(2, "unknown optimizer 'sdg'");
    List<String> lines = result.err().lines().toList();
    int at = 0;
    while (!lines.get(at).contains("adam(1e-3)/sdg(1e-5)") || lines.get(at).contains("hypertape")) {
      at++;
    }
    assertEquals(
        lines.get(at).indexOf("sdg"),
        lines.get(at + 1).indexOf('^'),
        "the caret is below the error");
  }

  @Test
  void whatIsMissingOrDamagedIsNamed() throws Exception {
    run("train", "--data", "mnist", "--data-dir", "nowhere").assertFails(1, "nowhere: there is no");
    Path images = mnist.resolve("train-images-idx3-ubyte");
    byte[] whole = Files.readAllBytes(images);
    Files.write(images, Arrays.copyOf(whole, 1000));
    train("--out", folder.resolve("x").toString())
        .assertFails(
            1, images.toString(), "cut off: the header claims 470400 bytes, 984 are there");
    Files.write(images, "no such thing".getBytes());
    train("--out", folder.resolve("y").toString()).assertFails(1, "begins with 0x6e6f2073");
    run("evaluate", "none.safetensors").assertFails(1, "none.safetensors: there is no such file");
    Path model = folder.resolve("m.safetensors");
    Files.write(model, new byte[] {-1, -1, -1, -1, -1, -1, -1, 127, 0});
    run("evaluate", model.toString())
        .assertFails(1, "claims a header of 9223372036854775807 bytes");
    Path trace = folder.resolve("t.json");
    Files.writeString(trace, "{}");
    Result result = run("trace", trace.toString());
    assertEquals(1, result.status());
    assertTrue(result.out().contains("field 'model' is missing"), result.out());
    assertTrue(result.out().contains("0 of 1 cases pass"), result.out());
    Files.createDirectory(folder.resolve("empty"));
    run("trace", "empty").assertFails(2, "no *.json in this folder");
    Result missing = run("trace", "none.json");
    assertEquals(1, missing.status());
    assertTrue(missing.out().contains("none.json: there is no such file"), missing.out());
  }

  @Test
  void divergenceIsTold() throws Exception {
    Path run = folder.resolve("run");
    train("--optimizer", "sgd(1e30)", "--activation", "relu", "--out", run.toString())
        .assertFails(1, "diverged at step 2: the loss is NaN with L1.sgd.alpha=1.00000e+30");
    assertEquals(2, Files.readAllLines(run.resolve("metrics.csv")).size());
    assertTrue(Files.exists(run.resolve("plot.png")));
  }

  @Test
  void verboseShowsTheStack() throws Exception {
    Result result = run("evaluate", "none", "--verbose");
    assertEquals(1, result.status());
    assertTrue(result.err().contains("\tat "), result.err());
  }

  private Result trainOn(String backend, String... flags) throws IOException, InterruptedException {
    return result(
        process(
                List.of(flags),
                "train",
                "--data",
                "mnist",
                "--data-dir",
                mnist.toString(),
                "--hidden",
                "4",
                "--epochs",
                "1",
                "--backend",
                backend,
                "--out",
                folder.resolve(backend).toString())
            .start());
  }

  /** One line that says why; the automatic choice says the same and trains on the CPU. */
  private void assertCudaIsRefused(String reason, String... flags) throws Exception {
    trainOn("cuda", flags).assertFails(1, "hypertape: cuda backend: ", reason);
    Result auto = trainOn("auto", flags).assertDone();
    assertTrue(auto.err().contains("cpu backend: float32"), auto.err());
    assertTrue(auto.err().contains("cuda not used: "), auto.err());
    assertTrue(auto.err().contains(reason), auto.err());
  }

  @Test
  void cudaThatIsSwitchedOffIsRefused() throws Exception {
    assertCudaIsRefused("hypertape.cuda.path", NO_CUDA);
  }

  /** The real libraries, as pip brings them, on a machine without a driver. */
  @Test
  void librariesWithoutADriverAreRefused() throws Exception {
    Path wheels = CudaWheels.require();
    assumeFalse(Files.exists(Path.of("/dev/nvidiactl")), "this machine has a driver");
    assertCudaIsRefused(
        "driver",
        "-Dhypertape.cuda.path="
            + wheels.resolve("cu13/lib")
            + File.pathSeparator
            + wheels.resolve("cudnn/lib"));
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_24, disabledReason = "the JVM has no such option yet")
  void deniedNativeAccessNamesItsFlag() throws Exception {
    assertCudaIsRefused("--enable-native-access=ALL-UNNAMED", "--illegal-native-access=deny");
  }

  @Test
  void anInterruptedRunLeavesAReadableFolder() throws Exception {
    Path run = folder.resolve("run");
    Process process =
        process(
                List.of(),
                "train",
                "--data",
                "mnist",
                "--data-dir",
                mnist.toString(),
                "--epochs",
                "1000000",
                "--out",
                run.toString())
            .start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.exists(run.resolve("model.safetensors"))) {
      assertTrue(System.nanoTime() < end && process.isAlive(), "no epoch was finished");
      Thread.sleep(20);
    }
    process.destroy(); // SIGTERM, which ends a JVM as Ctrl-C does
    Result result = result(process);
    assertEquals(143, result.status(), result.err());
    assertTrue(result.out().contains("interrupted in "), result.out() + result.err());
    assertTrue(ImageIO.read(run.resolve("plot.png").toFile()).getWidth() > 600);
    List<String> table = Files.readAllLines(run.resolve("metrics.csv"));
    assertEquals(table.getFirst().split(",").length, table.getLast().split(",").length);
    run("evaluate", run.toString(), "--data", "mnist", "--data-dir", mnist.toString()).assertDone();

    String taken = table.getLast().split(",")[0];
    String more = Long.toString(Long.parseLong(taken) + 7);
    run("train", "--resume", run.toString(), "--steps", more).assertDone();
    Path whole = folder.resolve("whole");
    run(
            "train",
            "--data",
            "mnist",
            "--data-dir",
            mnist.toString(),
            "--steps",
            more,
            "--out",
            whole.toString())
        .assertDone();
    assertEquals(
        -1,
        Files.mismatch(whole.resolve("model.safetensors"), run.resolve("model.safetensors")),
        "interrupted after " + taken + " steps");
  }

  @Test
  void theDemoDrawsEveryHeight() throws Exception {
    Path run = folder.resolve("run");
    Result result = train("--demo", "--out", run.toString());
    result.assertDone();
    assertEquals(1 + 4 * 8, Files.readAllLines(run.resolve("demo.csv")).size());
    assertTrue(result.out().contains("tower of height 3"), result.out());
    assertTrue(ImageIO.read(run.resolve("demo.png").toFile()).getWidth() > 600);
  }

  @Test
  void doctorSaysWhatItFound() throws Exception {
    Result result = result(process(List.of(), "doctor").start()).assertDone();
    for (String part : List.of("Java", "Processors:", "GFLOP/s", "CUDA", "libcuda.so.1")) {
      assertTrue(result.out().contains(part), result.out());
    }
  }

  @Test
  void scalarKernelsStandInWithoutTheModule() throws Exception {
    Result result = withoutTheModule("auto").assertDone();
    assertTrue(result.err().contains("--add-modules jdk.incubator.vector"), result.err());
    assertEquals(
        1, result.err().lines().filter(line -> line.startsWith("WARNING")).count(), result.err());
  }

  @Test
  void whoInsistsOnVectorKernelsIsToldWhatIsMissing() throws Exception {
    withoutTheModule("vector")
        .assertFails(1, "no vector kernels: ", "--add-modules jdk.incubator.vector");
    Result scalar = withoutTheModule("scalar").assertDone();
    assertTrue(scalar.err().contains("scalar kernels, as asked"), scalar.err());
    assertFalse(scalar.err().contains("WARNING"), scalar.err());
  }

  private Result withoutTheModule(String simd) throws Exception {
    List<String> args = new ArrayList<>(List.of("train", "--data", "mnist", "--data-dir"));
    args.addAll(List.of(mnist.toString(), "--hidden", "4", "--epochs", "1", "--backend", "cpu"));
    args.addAll(List.of("--simd", simd));
    ProcessBuilder builder = process(List.of(), args.toArray(String[]::new));
    builder.command().removeAll(List.of("--add-modules", "jdk.incubator.vector"));
    return result(builder.start());
  }

  @Test
  void help() throws Exception {
    Result result = run("train", "--help").assertDone();
    for (String option : List.of("--optimizer", "--data-dir", "--demo", "--threads", "--seed")) {
      assertTrue(result.out().contains(option), result.out());
    }
    assertTrue(run("--version").assertDone().out().startsWith("hypertape "));
  }
}

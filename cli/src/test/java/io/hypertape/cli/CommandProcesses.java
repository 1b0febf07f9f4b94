package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs the command as its users do: in a process of its own, without a terminal. */
abstract class CommandProcesses {

  static final int PATIENCE_SECONDS = 120;
  static final String NO_CUDA = "-Dhypertape.cuda.path=none";

  @TempDir Path folder;
  Path mnist;

  @BeforeEach
  void smallSet() throws IOException {
    mnist = folder.resolve("data");
    Files.createDirectory(mnist);
    write("train", 600);
    write("t10k", 200);
  }

  /** Bright upper halves are 0, bright lower halves 1, both 2. */
  void write(String part, int n) throws IOException {
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

  ProcessBuilder process(List<String> flags, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"));
    // Commands of a second or two: C2 would compile longer than they take.
    command.add("-XX:TieredStopAtLevel=1");
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

  /** One that hears Ctrl-C: whoever runs the tests may ignore it, and what they start with them. */
  ProcessBuilder attentive(List<String> flags, String... args) {
    ProcessBuilder builder = process(flags, args);
    List<String> command = new ArrayList<>(builder.command());
    command.set(command.indexOf(Main.class.getName()), AttentiveMain.class.getName());
    return builder.command(command);
  }

  CommandResult result(Process process) throws IOException, InterruptedException {
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the command did not end");
    CommandResult result =
        new CommandResult(
            process.exitValue(),
            Files.readString(folder.resolve("out.txt")),
            Files.readString(folder.resolve("err.txt")));
    String both = result.out() + result.err();
    assertTrue(
        both.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t'),
        "control characters in: " + both.replace("\r", "\\r").replace("\u001b", "\\e"));
    return result;
  }

  /** Waits until a command has written a file. */
  static void await(Path file, Process process) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.exists(file)) {
      assertTrue(System.nanoTime() < end && process.isAlive(), "no epoch was finished");
      Thread.sleep(20);
    }
  }

  CommandResult run(String... args) throws IOException, InterruptedException {
    return result(process(List.of(NO_CUDA), args).start());
  }

  CommandResult train(String... more) throws IOException, InterruptedException {
    List<String> args = new ArrayList<>(List.of("train", "--data", "mnist", "--data-dir"));
    args.addAll(List.of(mnist.toString(), "--hidden", "16", "--batch", "50"));
    args.addAll(Arrays.asList(more));
    return run(args.toArray(String[]::new));
  }
}

package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder has one run at a time, and what that writes can be read meanwhile. */
class RunAtWorkTest {

  private static final int PATIENCE_SECONDS = 120;
  private static final List<String> SMALL =
      List.of("train", "--backend", "cpu", "--limit", "200", "--threads", "1");

  @TempDir private Path folder;
  private String err = "";

  /** In a process of its own. */
  private ProcessBuilder process(List<String> args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("JAVA_TOOL"));
    return builder
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  private Process start(List<String> args) throws IOException {
    return process(args).start();
  }

  /** In this process. */
  private int run(List<String> args) {
    CommandResult result = CommandResult.of(args.toArray(String[]::new));
    err = result.err();
    return result.status();
  }

  private static List<String> with(List<String> args, String... more) {
    List<String> all = new ArrayList<>(args);
    all.addAll(List.of(more));
    return all;
  }

  @Test
  void aSecondRunIsRefusedAndAKilledOneTakenOver() throws Exception {
    Path run = folder.resolve("run");
    Path lock = run.resolve("run.lock");
    Process first =
        start(with(SMALL, "--hidden", "4", "--epochs", "1000000", "--out", run.toString()));
    CommandProcesses.await(run.resolve("state.safetensors"), first);
    String atWork =
        "hypertape: " + run + ": a run is at work in this folder (process " + first.pid() + ", ";
    List<String> resume = List.of("train", "--resume", run.toString(), "--epochs", "2000000");
    assertEquals(1, run(resume), err);
    assertTrue(err.contains(atWork), err);
    assertEquals(
        0,
        run(List.of("evaluate", run.toString(), "--backend", "cpu", "--limit", "200")),
        () -> err);
    // As if it had not yet begun to write.
    Files.delete(run.resolve("config.json"));
    for (List<String> more : List.of(List.<String>of(), List.of("--demo"))) {
      List<String> second = with(SMALL, "--hidden", "4", "--epochs", "1", "--out", run.toString());
      second.addAll(more);
      assertEquals(1, run(second), err);
      assertTrue(err.contains(atWork), err);
    }
    assertTrue(first.isAlive());
    first.destroyForcibly().waitFor();
    assertTrue(Files.exists(lock), "what was killed leaves its file");
    assertEquals(
        0, run(with(SMALL, "--hidden", "4", "--epochs", "1", "--out", run.toString())), () -> err);
    assertFalse(Files.exists(lock), "a run that has ended leaves none");
  }

  /** Before, it went on in a folder made anew, said "done", and had lost what was before. */
  @Test
  void aFolderThatIsRenamedUnderARunEndsIt() throws Exception {
    Path run = folder.resolve("run");
    Process first =
        process(with(SMALL, "--hidden", "4", "--epochs", "1000000", "--out", run.toString()))
            .redirectError(folder.resolve("err").toFile())
            .start();
    CommandProcesses.await(run.resolve("state.safetensors"), first);
    Path moved = Files.move(run, folder.resolve("moved"));
    boolean ended = first.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    first.destroyForcibly();
    String told = Files.readString(folder.resolve("err"));
    assertTrue(ended, told);
    assertEquals(1, first.exitValue(), told);
    assertTrue(told.contains("hypertape: " + run), told);
    assertFalse(told.contains("\tat "), told);
    assertFalse(Files.exists(run), "it is not made again");
    assertEquals(0, run(List.of("verify", moved.toString())), () -> err);
    Files.deleteIfExists(moved.resolve("run.lock"));
    long steps = io.hypertape.run.RunState.read(moved.resolve("state.safetensors")).steps();
    assertEquals(
        0,
        run(List.of("train", "--resume", moved.toString(), "--steps", Long.toString(steps + 1))),
        () -> err);
  }

  /** Before, it was an exception with its stack, which only programmers can read. */
  @Test
  void whatDoesNotFitIntoMemoryIsTold() throws Exception {
    ProcessBuilder builder =
        process(with(SMALL, "--hidden", "200000", "--out", folder.resolve("run").toString()));
    builder.command().add(1, "-Xmx256m");
    Process process = builder.redirectError(folder.resolve("err").toFile()).start();
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
    String told = Files.readString(folder.resolve("err"));
    assertEquals(1, process.exitValue(), told);
    assertTrue(told.contains("hypertape: out of memory (Java heap space); HYPERTAPE_JAVA"), told);
    assertFalse(told.contains("\tat "), told);
    assertFalse(Files.exists(folder.resolve("run").resolve("run.lock")));
  }

  @Test
  void aPromptMayBeginWithAnAtSign() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "@the end\n".repeat(60));
    Files.writeString(folder.resolve("the"), "end");
    String run = folder.resolve("run").toString();
    List<String> train =
        with(
            List.of("train", "--backend", "cpu", "--data", "text", "--data-file", text.toString()),
            "--hidden",
            "4",
            "--batch",
            "2",
            "--unroll",
            "20",
            "--steps",
            "2",
            "--out",
            run);
    assertEquals(0, run(train), () -> err);
    // What is written goes past System.out.
    Process writer = start(List.of("generate", run, "--prompt", "@the", "--length", "1"));
    assertTrue(writer.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
    String written = Files.readString(folder.resolve("out"));
    assertTrue(written.startsWith("@the"), written);
  }
}

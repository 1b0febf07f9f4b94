package io.hypertape.benchmarks.fork;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ChildTest {

  /** Serves steps that take no time, until there are thirteen of them. */
  public static final class Unlucky {
    private Unlucky() {}

    /**
     * Serves.
     *
     * @param args none
     * @throws IOException if the pipe breaks
     */
    public static void main(String[] args) throws IOException {
      Server.serve(
          System.getenv("OMP_NUM_THREADS"),
          count -> {
            if (count == 13) {
              throw new IllegalStateException("bad luck");
            }
            return 0.5 * count;
          });
    }
  }

  private static Child child(Duration patience, String... command) throws IOException {
    return new Child("peer", List.of(command), Environment.of(3, List.of()), patience);
  }

  @Test
  void answersComeAndWhatItWroteLastIsToldWhenItFails() throws IOException {
    List<String> command = ClassPath.java(Unlucky.class.getName(), "", List.of());
    try (Child child = child(Duration.ofSeconds(60), command.toArray(new String[0]))) {
      assertEquals("3", child.answer());
      String[] secondsAndLoss = child.ask("2").split(" ");
      assertTrue(Double.parseDouble(secondsAndLoss[0]) >= 0);
      assertEquals("1.0", secondsAndLoss[1]);
      var e = assertThrows(IOException.class, () -> child.ask("13"));
      assertTrue(e.getMessage().startsWith("peer ended with status 1: "), e.getMessage());
      var again = assertThrows(IOException.class, () -> child.ask("1"));
      assertTrue(again.getMessage().startsWith("peer "), again.getMessage());
    }
  }

  /** Serves steps that allocate 10,000 numbers, half of them by another thread. */
  public static final class Spender {
    private static volatile float[] last;

    private Spender() {}

    /**
     * Serves.
     *
     * @param args none
     * @throws IOException if the pipe breaks
     */
    public static void main(String[] args) throws IOException {
      try (ExecutorService other = Executors.newSingleThreadExecutor()) {
        Server.serve(
            "Spender",
            count -> {
              spend(count);
              try {
                other.submit(() -> spend(count)).get();
              } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
              }
              return last.length;
            });
      }
    }

    private static void spend(int count) {
      for (int i = 0; i < count; i++) {
        last = new float[5000];
      }
    }
  }

  @Test
  void bytesOnTheHeapAreThoseOfAllThreads() throws IOException {
    List<String> command = ClassPath.java(Spender.class.getName(), "", List.of());
    try (Child child = child(Duration.ofSeconds(60), command.toArray(new String[0]))) {
      assertEquals("Spender", child.answer());
      child.ask("2");
      double bytes = Double.parseDouble(child.ask("1000 " + Server.HEAP).split(" ")[0]);
      // An array has a head; threads' own bookkeeping takes some.
      assertEquals(40e6, bytes, 4e6);
    }
  }

  @Test
  void noiseIsSkippedAndSilenceEnds() throws IOException {
    try (Child child =
        child(Duration.ofMillis(300), "/bin/sh", "-c", "echo noise; echo '= a'; cat >/dev/null")) {
      assertEquals("a", child.answer());
      var e = assertThrows(IOException.class, child::answer);
      assertTrue(e.getMessage().contains("gave no answer"), e.getMessage());
    }
  }

  @Test
  void whatItStartedEndsWithIt() throws Exception {
    String script = "sleep 600 & echo \"= $!\"; trap '' PIPE; wait; sleep 600";
    long started;
    try (Child child = child(Duration.ofSeconds(10), "/bin/sh", "-c", script)) {
      started = Long.parseLong(child.answer());
      assertTrue(ProcessHandle.of(started).orElseThrow().isAlive());
    }
    for (int i = 0; i < 100 && isAlive(started); i++) {
      Thread.sleep(20);
    }
    assertFalse(isAlive(started), "process " + started);
  }

  private static boolean isAlive(long process) {
    return ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
  }

  @Test
  void aProgramThatIsNotThereIsAnError() {
    assertThrows(IOException.class, () -> child(Duration.ofSeconds(1), "/no/such/program"));
  }

  @Test
  void peersGetEqualThreadsAndTheirOwnKernels() {
    UnaryOperator<Map<String, String>> change = Environment.of(2, List.of());
    Map<String, String> variables = new HashMap<>(Map.of("OPENBLAS_CORETYPE", "Haswell", "A", "b"));
    assertTrue(Environment.note(variables).contains("OPENBLAS_CORETYPE"));
    change.apply(variables);
    assertFalse(variables.containsKey("OPENBLAS_CORETYPE"));
    assertEquals("b", variables.get("A"));
    for (String name : List.of("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")) {
      assertEquals("2", variables.get(name), name);
    }
    assertTrue(Long.parseLong(variables.get("MALLOC_TRIM_THRESHOLD_")) > 1L << 30);
    assertEquals("", Environment.note(variables));
    Environment.of(1, List.of("-XX:UseAVX=2")).apply(variables);
    assertEquals("Haswell", variables.get("OPENBLAS_CORETYPE"));
    assertEquals("AVX2", variables.get("DNNL_MAX_CPU_ISA"));
  }

  @Test
  void optionsOfModulesAreNotInherited() {
    assertEquals(
        List.of("-XX:UseAVX=2", "-Xmx4g", "-Da=b"),
        ClassPath.tunable(
            List.of(
                "-XX:UseAVX=2",
                "--module-path=x",
                "-Xmx4g",
                "-Djdk.module.main=m",
                "--enable-native-access=m",
                "-Da=b")));
  }
}

package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.cuda.KernelCompiler;
import io.hypertape.bindings.testing.CudaDouble;
import io.hypertape.optim.FaultedTraining;
import io.hypertape.optim.FaultedTraining.Life;
import io.hypertape.optim.LayerNetworks;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every call that a session makes of NVIDIA's libraries, from its opening to its end, fails once,
 * or it and the next one do: either nobody notices, or an exception names the call and its status;
 * nothing is left, and what is tried again gives the bits that it would have given.
 *
 * <p>In the build it is one call in many, other ones each time; with the property {@code
 * hypertape.faults=all} every one, and {@code hypertape.faults.seed} repeats a build's.
 */
@Tag("cuda-double")
class CudaFaultsTest {

  private static final int STEPS = 7;

  /** How many calls are made to fail in the build, about. */
  private static final int FEW = 16;

  /** The runtime's own for a lack of memory. */
  private static final int NO_MEMORY = 2;

  /** After so many faults a session without any is lived through. */
  private static final int UNDISTURBED_EVERY = 8;

  private static final long SEED =
      Long.getLong("hypertape.faults.seed", System.nanoTime() & 0xFFFFFF);

  @TempDir private static Path folder;
  private static KernelCompiler compiler;
  private static Life expected;
  private static int calls;

  private int told;
  private int unnoticed;
  private int halved;

  @BeforeAll
  static void liveOnceWithoutFaults() {
    CudaDouble.load();
    CudaDouble.requireDouble();
    compiler = KernelCompiler.create(folder);
    live(compiler);
    CudaDouble.reset();
    expected = live(compiler);
    calls = Math.toIntExact(CudaDouble.calls());
    assertEquals(List.of(), expected.failures());
    assertTrue(expected.mode().startsWith("steps are replayed"), expected.mode());
  }

  @AfterEach
  void reset() {
    CudaDouble.reset();
  }

  private static Life live(KernelCompiler kernels) {
    Supplier<CudaBackend> open =
        () -> {
          // What failed to open has left nothing.
          assertEquals(List.of(), CudaDouble.live());
          return CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.CUDNN, kernels);
        };
    return FaultedTraining.live(LayerNetworks.CONVOLUTIONAL, STEPS, open::get);
  }

  /** What holds of a life after the faults in it; false if there were none. */
  private boolean isSound(Life life, String where) {
    List<String> faults = CudaDouble.failures();
    String text = where + ", " + faults;
    assertEquals(List.of(), CudaDouble.violations(), text);
    assertEquals(List.of(), CudaDouble.live(), text);
    if (faults.isEmpty()) {
      assertEquals(List.of(), life.failures(), text);
    }
    for (Throwable failure : life.failures()) {
      assertTrue(faults.stream().anyMatch(fault -> isTold(failure, fault)), text + ": " + failure);
    }
    if (life.halved()) {
      halved++;
    } else {
      assertEquals(expected.values(), life.values(), text);
    }
    if (!faults.isEmpty()) {
      told += life.failures().isEmpty() ? 0 : 1;
      unnoticed += life.failures().isEmpty() ? 1 : 0;
    }
    return !faults.isEmpty();
  }

  /** Whether an exception's own message names a call and its status. */
  private static boolean isTold(Throwable failure, String fault) {
    String[] parts = fault.split(" ");
    String message = String.valueOf(failure.getMessage());
    return message.contains(parts[0]) && message.contains("(" + parts[1] + ")");
  }

  private void undisturbed(String where) {
    CudaDouble.reset();
    assertEquals(expected.values(), live(compiler).values(), "after " + where);
  }

  /** The device, or the host's pinned memory, gives out once. */
  @ParameterizedTest
  @ValueSource(strings = {"cudaMallocFromPoolAsync", "cudaHostAlloc"})
  void everyAllocationMayFail(String function) {
    CudaDouble.reset();
    live(compiler);
    int allocations = Math.toIntExact(CudaDouble.calls(function));
    int stride = isLong() ? 1 : Math.max(1, allocations / FEW);
    int failed = 0;
    for (int nth = 1; nth <= allocations; nth += stride) {
      CudaDouble.reset();
      // The device's twice: the first time, what is kept for later is given up.
      CudaDouble.fail(nth, function.equals("cudaHostAlloc") ? 1 : 2, NO_MEMORY, function);
      assertTrue(isSound(live(compiler), function + " " + nth));
      failed++;
    }
    undisturbed(function);
    System.out.printf(
        "CudaFaultsTest: %d of a life's %d calls of %s failed for lack of memory: %d lives were"
            + " told so, of which %d ended in an update; %d did not notice%n",
        failed, allocations, function, told, halved, unnoticed);
    assertTrue(failed >= Math.min(FEW, allocations), failed + " failed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nvrtcCreateProgram",
        "nvrtcCompileProgram",
        "nvrtcGetCUBINSize",
        "nvrtcGetCUBIN",
        "nvrtcDestroyProgram"
      })
  void compilingMayFail(String function) {
    for (int times = 1; times <= 2; times++) {
      CudaDouble.reset();
      CudaDouble.fail(1, times, CudaDouble.TYPICAL, function);
      assertTrue(isSound(live(KernelCompiler.withoutCache()), function + ", " + times + " times"));
    }
    assertEquals(2, told);
  }

  private static boolean isLong() {
    return "all".equals(System.getProperty("hypertape.faults"));
  }

  /** In the build two calls in many, with {@code all} every one. */
  @ParameterizedTest
  @CsvSource({"1, TYPICAL", "2, TYPICAL", "1, NO_MEMORY", "2, NO_MEMORY"})
  void everyCallOfALifeMayFail(int times, String reason) {
    int status = reason.equals("TYPICAL") ? CudaDouble.TYPICAL : CudaDouble.NO_MEMORY;
    int stride = isLong() ? 1 : Math.max(1, calls / FEW);
    int first = isLong() ? 1 : 1 + new Random(SEED + times).nextInt(stride);
    int failed = 0;
    boolean goesOn = true;
    for (int nth = first; goesOn; nth += stride) {
      CudaDouble.reset();
      CudaDouble.fail(nth, times, status);
      String where = "call " + nth + ", " + times + " times, seed " + SEED;
      goesOn = isSound(live(compiler), where);
      failed += goesOn ? 1 : 0;
      if (goesOn && failed % UNDISTURBED_EVERY == 0) {
        undisturbed(where);
      }
    }
    undisturbed("all of them");
    System.out.printf(
        "CudaFaultsTest: %s, %d of a life's %d calls failed %s (seed %d): %d lives were told so"
            + " and went on, but for %d that ended in an update; %d did not notice%n",
        reason,
        failed,
        calls,
        times == 1 ? "once" : "with the next",
        SEED,
        told,
        halved,
        unnoticed);
    assertTrue(failed >= Math.min(FEW, calls) * 3 / 4, failed + " calls failed");
    assertNotEquals(0, told);
    assertFalse(halved > told);
  }
}

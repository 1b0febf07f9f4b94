package io.hypertape.benchmarks.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Precision;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.bindings.testing.CudaDouble;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code benchmarks/gpu/check} runs, over the double. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class OnDeviceTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true);

  @Test
  void aSessionSurvivesTheEndOfMemory() {
    CudaDouble.requireDouble();
    CudaDouble.setFreeMemory(64 << 20);
    Exhaustion.run(Device.CUDA, 2, out);
    String text = bytes.toString();
    assertTrue(text.contains(" times 2 MiB: cudaMallocFromPoolAsync("), text);
    assertTrue(text.contains("2097152 bytes asked for"), text);
    assertTrue(text.contains("loss after: ") && text.contains("the session went on"), text);
  }

  /**
   * What the first minutes on a GPU are for, end to end; the models are the script's own matter.
   */
  @ParameterizedTest
  @ValueSource(strings = {"device", "products", "layers", "tower"})
  void firstContact(String part) {
    boolean good = new FirstContact(Device.CUDA, out).run(part);
    assertTrue(good, bytes.toString());
    assertTrue(bytes.toString().lines().allMatch(line -> line.startsWith("ok    ")));
  }

  @Test
  void operationsAreTimedAsGraphs() {
    CudaDouble.requireDouble();
    Profile.run(Device.CUDA, Precision.FLOAT32, 2, "256x10", out);
    String text = bytes.toString();
    assertEquals(2, text.lines().filter(line -> line.contains("256x10")).count(), text);
    assertTrue(text.contains("this device's data sheet is not known here"), text);
    // Three to warm up and eleven that count, of two operations: gemm and log-softmax.
    assertEquals(28, CudaDouble.calls("cudaGraphLaunch"));
  }
}

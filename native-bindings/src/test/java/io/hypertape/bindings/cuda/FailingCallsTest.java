package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.testing.CudaDouble;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every call of every class fails once: the error says which call it was, and when everything is
 * closed nothing is left.
 */
@Tag("cuda-double")
class FailingCallsTest {

  static {
    CudaDouble.load();
  }

  /** What a library says if it fails for a reason of its own. */
  private static final Set<String> TYPICAL =
      Set.of(
          "cudaErrorUnknown",
          "CUDA_ERROR_UNKNOWN",
          "CUBLAS_STATUS_INTERNAL_ERROR",
          "CUDNN_STATUS_INTERNAL_ERROR",
          "NVRTC_ERROR_INTERNAL_ERROR");

  private static final String SOURCE =
      """
      #ifndef KERNEL
      #define KERNEL extern "C" __global__ void
      #endif
      KERNEL set(float* x, float value) { x[threadIdx.x] = value; }
      """;

  /** What is open, closed in reverse order; what refuses once is closed again, as a caller may. */
  private static final class Held {
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T resource) {
      resources.push(resource);
      return resource;
    }

    CudaDevice device() {
      return add(CudaDevice.open(0));
    }

    CudaStream stream() {
      return add(CudaStream.create(device()));
    }

    RuntimeException closeAll(RuntimeException before) throws Exception {
      RuntimeException first = before;
      for (AutoCloseable resource : resources) {
        try {
          resource.close();
        } catch (CudaException e) {
          assertNull(first, "one failure, one error");
          first = e;
          resource.close();
        }
      }
      return first;
    }
  }

  private interface Scenario {
    void run(Held held);
  }

  @TempDir private static Path folder;

  private static final Map<String, Scenario> SCENARIOS = new LinkedHashMap<>();

  static {
    SCENARIOS.put("CudaDevice", FailingCallsTest::useDevice);
    SCENARIOS.put("CudaStream", FailingCallsTest::useStream);
    SCENARIOS.put("CudaEvent", FailingCallsTest::useEvents);
    SCENARIOS.put("CudaGraph", FailingCallsTest::useGraph);
    SCENARIOS.put("aborted capture", FailingCallsTest::abortCapture);
    SCENARIOS.put("MemoryPool", FailingCallsTest::usePool);
    SCENARIOS.put("MemoryPool with memory left", FailingCallsTest::leaveMemory);
    SCENARIOS.put("PinnedBuffer", held -> held.add(PinnedBuffer.allocate(held.device(), 64)));
    SCENARIOS.put("CublasHandle", FailingCallsTest::useCublas);
    SCENARIOS.put("CudnnHandle", FailingCallsTest::useCudnn);
    SCENARIOS.put("CudnnConvolution", FailingCallsTest::useConvolution);
    SCENARIOS.put("CudnnBatchNorm", FailingCallsTest::useBatchNorm);
    SCENARIOS.put("CudnnRecurrence", FailingCallsTest::useRecurrence);
    SCENARIOS.put("KernelCompiler", FailingCallsTest::compile);
    SCENARIOS.put("KernelCompiler for the driver", FailingCallsTest::compileForDriver);
    SCENARIOS.put("CudaModule", FailingCallsTest::useModule);
  }

  private static void useDevice(Held held) {
    CudaDevice device = held.device();
    device.freeMemory();
    device.synchronize();
  }

  private static void useStream(Held held) {
    CudaStream stream = held.stream();
    PinnedBuffer buffer = held.add(PinnedBuffer.allocate(stream.device(), 64));
    MemoryPool pool = held.add(MemoryPool.create(stream));
    DeviceMemory memory = held.add(pool.allocate(64));
    DeviceMemory other = held.add(pool.allocate(64));
    held.add(stream::synchronize);
    stream.fillBytes(memory.address(), 1, 64);
    stream.copyToDevice(buffer.segment(), memory.address(), 64);
    stream.copyOnDevice(memory.address(), other.address(), 64);
    stream.copyToHost(other.address(), buffer.segment(), 64);
    stream.isIdle();
    stream.isCapturing();
    stream.synchronize();
  }

  private static void useEvents(Held held) {
    CudaStream stream = held.stream();
    CudaEvent start = held.add(CudaEvent.create(stream.device(), CudaEvent.Timing.ON));
    CudaEvent end = held.add(CudaEvent.create(stream.device(), CudaEvent.Timing.ON));
    start.record(stream);
    end.record(stream);
    stream.waitFor(start);
    end.isDone();
    end.synchronize();
    end.millisecondsSince(start);
  }

  private static void useGraph(Held held) {
    CudaStream stream = held.stream();
    MemoryPool pool = held.add(MemoryPool.create(stream));
    DeviceMemory memory = held.add(pool.allocate(64));
    held.add(stream::abortCapture);
    stream.beginCapture();
    stream.fillBytes(memory.address(), 1, 64);
    CudaGraph graph = held.add(stream.endCapture());
    graph.nodes();
    CudaGraphExec exec = held.add(graph.instantiate());
    exec.upload(stream);
    exec.launch(stream);
    held.add(stream::synchronize);
  }

  private static void abortCapture(Held held) {
    CudaStream stream = held.stream();
    held.add(stream::abortCapture);
    stream.beginCapture();
    stream.abortCapture();
  }

  private static void usePool(Held held) {
    MemoryPool pool = held.add(MemoryPool.create(held.stream()));
    held.add(pool.allocate(64));
    held.add(pool.allocate(0));
    pool.statistics();
    pool.trim();
  }

  private static void leaveMemory(Held held) {
    MemoryPool pool = held.add(MemoryPool.create(held.stream()));
    pool.allocate(64);
    pool.allocate(128);
    pool.allocate(256);
  }

  private static void useCublas(Held held) {
    CudaStream stream = held.stream();
    MemoryPool pool = held.add(MemoryPool.create(stream));
    CublasHandle cublas = held.add(CublasHandle.create(stream, pool));
    DeviceMemory memory = held.add(pool.allocate(64));
    cublas.version();
    cublas.setPrecision(MatmulPrecision.TF32);
    long at = memory.address();
    cublas.sgemm(Transpose.NO, Transpose.YES, 2, 2, 2, 1, at, 2, at, 2, 0, at + 32, 2);
  }

  private static void useCudnn(Held held) {
    CudaStream stream = held.stream();
    CudnnHandle cudnn = held.add(CudnnHandle.create(stream));
    MemoryPool pool = held.add(MemoryPool.create(stream));
    long at = held.add(pool.allocate(64)).address();
    long result = held.add(pool.allocate(64)).address();
    cudnn.version();
    for (int columns = 1; columns <= TensorDescriptors.CAPACITY + 1; columns++) {
      cudnn.logSoftmax(1, 1 + columns % 16, at, result);
    }
    cudnn.logSoftmaxGradient(2, 3, at, at, result);
  }

  private static void useConvolution(Held held) {
    CudaStream stream = held.stream();
    CudnnHandle cudnn = held.add(CudnnHandle.create(stream));
    CudnnConvolution convolution = held.add(CudnnConvolution.create(cudnn, MatmulPrecision.TF32));
    MemoryPool pool = held.add(MemoryPool.create(stream));
    long at = held.add(pool.allocate(4096)).address();
    held.add(stream::synchronize);
    // The second has no algorithm for its filters.
    for (int groups = 1; groups <= 2; groups++) {
      ConvolutionGeometry geometry =
          new ConvolutionGeometry(1, 2, 4, 4, 2, 2, 2, 1, 1, 0, 0, 2, 2, groups);
      for (ConvolutionDirection direction : ConvolutionDirection.values()) {
        convolution
            .plan(direction, geometry)
            .ifPresent(plan -> plan.run(at, at + 512, at + 1024, at + 2048));
      }
    }
  }

  private static void useBatchNorm(Held held) {
    CudaStream stream = held.stream();
    CudnnHandle cudnn = held.add(CudnnHandle.create(stream));
    CudnnBatchNorm norm = held.add(CudnnBatchNorm.create(cudnn));
    MemoryPool pool = held.add(MemoryPool.create(stream));
    long at = held.add(pool.allocate(4096)).address();
    held.add(stream::synchronize);
    norm.forward(1, 2, 2, 2, 0.1, at, at + 64, at + 128, at + 192, at + 256, at + 320);
    norm.backward(
        1, 2, 2, 2, at, at + 64, at + 128, at + 192, at + 256, at + 320, at + 384, at + 448);
  }

  private static void useRecurrence(Held held) {
    CudaStream stream = held.stream();
    CudnnHandle cudnn = held.add(CudnnHandle.create(stream));
    CudnnRecurrence recurrence = held.add(CudnnRecurrence.create(cudnn, MatmulPrecision.FP32));
    MemoryPool pool = held.add(MemoryPool.create(stream));
    RecurrentPlan plan =
        recurrence.plan(new RecurrentShape(RecurrentShape.Cell.LSTM, 1, 1, 1, 1, 1)).orElseThrow();
    long at = held.add(pool.allocate(4096)).address();
    long weights = held.add(pool.allocate(plan.weightBytes())).address();
    long gradients = held.add(pool.allocate(plan.weightBytes())).address();
    long workspace = held.add(pool.allocate(plan.workspaceBytes())).address();
    long reserve = held.add(pool.allocate(plan.reserveBytes())).address();
    held.add(stream::synchronize);
    plan.weights(weights);
    plan.forward(at, at + 16, at + 32, at + 48, at + 64, at + 80, weights, workspace, reserve);
    plan.backwardData(
        at + 48, at + 96, at + 112, at + 128, at + 16, at + 32, at + 144, at + 160, at + 176,
        weights, workspace, reserve);
    plan.backwardWeights(at, at + 16, at + 48, gradients, workspace, reserve);
  }

  private static void compile(Held held) {
    int capability = held.device().computeCapability();
    // A cache would make the second run another one.
    KernelCompiler.withoutCache().compile("set.cu", SOURCE, capability);
  }

  private static void compileForDriver(Held held) {
    held.device();
    KernelCompiler.withoutCache().compile("set.cu", SOURCE, 999);
  }

  private static void useModule(Held held) {
    CudaStream stream = held.stream();
    int capability = stream.device().computeCapability();
    byte[] image = KernelCompiler.create(folder).compile("set.cu", SOURCE, capability);
    CudaModule module = held.add(CudaModule.load(stream.device(), image));
    KernelArguments arguments = held.add(KernelArguments.create());
    MemoryPool pool = held.add(MemoryPool.create(stream));
    DeviceMemory memory = held.add(pool.allocate(64));
    arguments.pointer(memory.address()).float32(3);
    module.kernel("set").launch(stream, 1, 16, arguments);
    held.add(stream::synchronize);
  }

  static Stream<String> scenarios() {
    return SCENARIOS.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void whateverCallFailsIsNamedAndNothingIsLeft(String name) throws Exception {
    CudaDouble.requireDouble();
    CudaDouble.reset();
    assertNull(attempt(SCENARIOS.get(name)), "without a failure");
    for (int nth = 1; ; nth++) {
      CudaDouble.reset();
      CudaDouble.fail(nth, 0);
      RuntimeException failure = attempt(SCENARIOS.get(name));
      String failed = CudaDouble.failed().orElse("");
      String where = name + ", call " + nth + ": " + failed;
      assertEquals("", String.join("\n", CudaDouble.violations()), where);
      assertEquals("", String.join("\n", CudaDouble.live()), where);
      if (failed.isEmpty()) {
        assertNull(failure, where);
        assertTrue(nth > 5, where);
        return;
      }
      assertNotNull(failure, where);
      assertNames(failed, failure);
    }
  }

  private static RuntimeException attempt(Scenario scenario) throws Exception {
    Held held = new Held();
    RuntimeException failure = null;
    try {
      scenario.run(held);
    } catch (CudaException | CudaUnavailableException e) {
      failure = e;
    }
    return held.closeAll(failure);
  }

  private static void assertNames(String call, RuntimeException failure) {
    CudaException e =
        failure instanceof CudaException named ? named : (CudaException) failure.getCause();
    assertNotNull(e, failure.toString());
    assertEquals(call, e.call());
    assertTrue(TYPICAL.contains(e.codeName()), e.toString());
    assertTrue(e.code() > 0, e.toString());
    assertFalse(e.text().isBlank(), e.toString());
    String code = e.codeName() + " (" + e.code() + ")";
    String message = failure.getMessage();
    for (String part : new String[] {e.call(), e.arguments(), code, e.text()}) {
      assertTrue(message.contains(part), message + " lacks " + part);
    }
  }
}

package io.hypertape.bindings.testing;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Capture and graphs of the double, with CUDA's rules and statuses. */
class DoubleCaptureTest extends RawCuda {

  private static final int THREAD_LOCAL = 1;
  private static final int UNSUPPORTED = 900;
  private static final int INVALIDATED = 901;

  private long stream;
  private long memory;

  @BeforeEach
  void prepare() {
    stream = stream();
    memory = device(stream, 1f, 2f, 3f, 4f);
    ok("cudaStreamSynchronize", stream);
  }

  private void begin() {
    ok("cudaStreamBeginCapture", stream, THREAD_LOCAL);
  }

  private long end() {
    MemorySegment cell = arena.allocate(JAVA_LONG);
    ok("cudaStreamEndCapture", stream, cell);
    return cell.get(JAVA_LONG, 0);
  }

  private void endInvalidated() {
    MemorySegment cell = arena.allocate(JAVA_LONG);
    MemorySegment status = arena.allocate(JAVA_INT);
    ok("cudaStreamIsCapturing", stream, status);
    assertEquals(2, status.get(JAVA_INT, 0));
    assertEquals(INVALIDATED, call("cudaMemsetAsync", memory, 0, 4L, stream));
    assertEquals(INVALIDATED, call("cudaStreamEndCapture", stream, cell));
    assertEquals(0, cell.get(JAVA_LONG, 0));
    ok("cudaStreamIsCapturing", stream, status);
    assertEquals(0, status.get(JAVA_INT, 0));
    ok("cudaMemsetAsync", memory, 0, 4L, stream);
  }

  @Test
  void whatIsCapturedRunsAtEachLaunchAndNotBefore() {
    begin();
    ok("cudaMemcpyAsync", memory, memory + 8, 8L, ON_DEVICE, stream);
    ok("cudaMemsetAsync", memory + 12, 0, 4L, stream);
    long graph = end();
    assertArrayEquals(new float[] {1, 2, 3, 4}, values(memory, 4, stream));
    MemorySegment count = arena.allocate(JAVA_LONG);
    ok("cudaGraphGetNodes", graph, 0L, count);
    assertEquals(2, count.get(JAVA_LONG, 0));
    long executable = made("cudaGraphInstantiate", graph, 0L);
    ok("cudaGraphDestroy", graph);
    ok("cudaGraphUpload", executable, stream);
    ok("cudaGraphLaunch", executable, stream);
    assertArrayEquals(new float[] {3, 4, 3, 0}, values(memory, 4, stream));
    ok("cudaGraphLaunch", executable, stream);
    ok("cudaGraphLaunch", executable, stream);
    ok("cudaGraphExecDestroy", executable);
    assertArrayEquals(new float[] {3, 0, 3, 0}, values(memory, 4, stream));
    wrong(INVALID_VALUE, "is destroyed", "cudaGraphLaunch", executable, stream);
    wrong(INVALID_VALUE, "is destroyed", "cudaGraphDestroy", graph);
  }

  @Test
  void aGraphDoesNotOutliveItsMemory() {
    begin();
    ok("cudaMemsetAsync", memory, 0, 4L, stream);
    long executable = made("cudaGraphInstantiate", end(), 0L);
    ok("cudaFreeAsync", memory, stream);
    wrong(ILLEGAL_ADDRESS, "freed memory", "cudaGraphLaunch", executable, stream);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cudaStreamSynchronize",
        "cudaStreamQuery",
        "cudaDeviceSynchronize",
        "cudaMallocAsync",
        "cudaFreeAsync",
        "cudaHostAlloc",
        "cudaFreeHost",
        "cudaMemcpyAsync",
        "cudaEventQuery",
        "cudaEventSynchronize",
        "cudaMemPoolTrimTo",
        "cudaGraphUpload"
      })
  void whatMaySynchronizeOrAllocateInvalidatesACapture(String function) {
    MemorySegment host = pinned(8);
    long event = made("cudaEventCreateWithFlags", 0);
    long pool = made("cudaDeviceGetDefaultMemPool", 0);
    begin();
    ok("cudaMemsetAsync", memory, 0, 4L, stream);
    long executable = made("cudaGraphInstantiate", end(), 0L);
    MemorySegment pageable = arena.allocate(16);
    Object[] arguments =
        switch (function) {
          case "cudaDeviceSynchronize" -> new Object[] {};
          case "cudaMallocAsync" -> new Object[] {pageable, 8L, stream};
          case "cudaFreeAsync" -> new Object[] {memory, stream};
          case "cudaHostAlloc" -> new Object[] {pageable, 8L, 0};
          case "cudaFreeHost" -> new Object[] {host};
          case "cudaMemcpyAsync" -> new Object[] {memory, pageable, 8L, TO_DEVICE, stream};
          case "cudaEventQuery", "cudaEventSynchronize" -> new Object[] {event};
          case "cudaMemPoolTrimTo" -> new Object[] {pool, 0L};
          case "cudaGraphUpload" -> new Object[] {executable, stream};
          default -> new Object[] {stream};
        };
    begin();
    ok("cudaMemsetAsync", memory, 0, 4L, stream);
    wrong(UNSUPPORTED, "while", function, arguments);
    endInvalidated();
  }

  @Test
  void badMemoryInvalidatesACapture() {
    begin();
    wrong(INVALID_VALUE, "reaches out", "cudaMemsetAsync", memory, 0, 100L, stream);
    endInvalidated();
  }

  @Test
  void theDefaultStreamIsNotUsedBesideACapture() {
    begin();
    wrong(906, "default stream", "cudaMemsetAsync", memory, 0, 4L, 0L);
    endInvalidated();
    wrong(UNSUPPORTED, "default stream", "cudaStreamBeginCapture", 0L, THREAD_LOCAL);
  }

  @Test
  void aRelaxedCaptureForbidsNothingElsewhere() {
    ok("cudaStreamBeginCapture", stream, 2);
    pinned(8);
    long other = stream();
    device(8, other);
    ok("cudaStreamSynchronize", other);
    ok("cudaGraphDestroy", end());
    clean();
  }

  @Test
  void pinnedCopiesAreCaptured() {
    MemorySegment host = pinned(4);
    host.set(JAVA_FLOAT, 0, 5);
    begin();
    ok("cudaMemcpyAsync", memory, host, 4L, TO_DEVICE, stream);
    long executable = made("cudaGraphInstantiate", end(), 0L);
    host.set(JAVA_FLOAT, 0, 6);
    ok("cudaGraphLaunch", executable, stream);
    assertEquals(6, values(memory, 1, stream)[0]);
    clean();
  }

  @Test
  void aCaptureEndsWhereItBegan() throws InterruptedException {
    MemorySegment cell = arena.allocate(JAVA_LONG);
    wrong(401, "does not capture", "cudaStreamEndCapture", stream, cell);
    begin();
    wrong(401, "captures already", "cudaStreamBeginCapture", stream, THREAD_LOCAL);
    int[] status = new int[1];
    long address = cell.address();
    Thread other = new Thread(() -> status[0] = call("cudaStreamEndCapture", stream, address));
    other.start();
    other.join();
    assertEquals(908, status[0]);
    ok("cudaGraphDestroy", end());
    begin();
    wrong(UNSUPPORTED, "still captures", "cudaStreamDestroy", stream);
    assertTrue(CudaDouble.live().stream().noneMatch(s -> s.startsWith("stream")));
  }

  @Test
  void anEventDrawsAnotherStreamIntoTheCapture() {
    long other = stream();
    long fork = made("cudaEventCreateWithFlags", 2);
    long join = made("cudaEventCreateWithFlags", 2);
    begin();
    ok("cudaEventRecord", fork, stream);
    ok("cudaStreamWaitEvent", other, fork, 0);
    ok("cudaMemsetAsync", memory, 0, 4L, other);
    ok("cudaEventRecord", join, other);
    ok("cudaStreamWaitEvent", stream, join, 0);
    ok("cudaMemcpyAsync", memory + 4, memory, 4L, ON_DEVICE, stream);
    long executable = made("cudaGraphInstantiate", end(), 0L);
    ok("cudaGraphLaunch", executable, stream);
    assertArrayEquals(new float[] {0, 0, 3, 4}, values(memory, 4, stream));
    ok("cudaStreamSynchronize", other);
    clean();
    wrong(907, "capturing stream", "cudaEventSynchronize", join);
  }

  @Test
  void aForkMustBeJoined() {
    long other = stream();
    long fork = made("cudaEventCreateWithFlags", 2);
    begin();
    ok("cudaEventRecord", fork, stream);
    ok("cudaStreamWaitEvent", other, fork, 0);
    ok("cudaMemsetAsync", memory, 0, 4L, other);
    MemorySegment cell = arena.allocate(JAVA_LONG);
    wrong(903, "another stream", "cudaStreamEndCapture", other, cell);
    assertEquals(INVALIDATED, call("cudaStreamEndCapture", stream, cell));
    begin();
    ok("cudaEventRecord", fork, stream);
    ok("cudaStreamWaitEvent", other, fork, 0);
    ok("cudaMemsetAsync", memory, 0, 4L, other);
    wrong(904, "not joined", "cudaStreamEndCapture", stream, cell);
    ok("cudaStreamSynchronize", other);
  }

  @Test
  void aCaptureKeepsToItself() {
    long other = stream();
    long outside = made("cudaEventCreateWithFlags", 2);
    ok("cudaEventRecord", outside, other);
    begin();
    wrong(905, "outside", "cudaStreamWaitEvent", stream, outside, 0);
    endInvalidated();
    long inside = made("cudaEventCreateWithFlags", 2);
    begin();
    ok("cudaEventRecord", inside, stream);
    ok("cudaStreamBeginCapture", other, THREAD_LOCAL);
    wrong(902, "another capture", "cudaStreamWaitEvent", other, inside, 0);
  }
}

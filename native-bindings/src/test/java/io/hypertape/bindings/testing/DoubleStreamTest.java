package io.hypertape.bindings.testing;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Work on a stream of the double is done late, so that nobody gets away without waiting. */
class DoubleStreamTest extends RawCuda {

  @Test
  void pinnedMemoryHasStaleValuesUntilTheStreamIsWaitedFor() {
    long stream = stream();
    MemorySegment host = pinned(8);
    long memory = device(stream, 1f, 2f);
    ok("cudaMemcpyAsync", host, memory, 8L, TO_HOST, stream);
    assertTrue(Float.isNaN(host.get(JAVA_FLOAT, 0)));
    assertEquals(3, CudaDouble.pending());
    ok("cudaStreamSynchronize", stream);
    assertEquals(0, CudaDouble.pending());
    assertArrayEquals(new float[] {1, 2}, host.toArray(JAVA_FLOAT));
    clean();
  }

  @Test
  void pinnedMemoryIsReadWhenTheCopyRuns() {
    long stream = stream();
    MemorySegment host = pinned(4);
    long memory = device(4, stream);
    host.set(JAVA_FLOAT, 0, 1);
    ok("cudaMemcpyAsync", memory, host, 4L, TO_DEVICE, stream);
    host.set(JAVA_FLOAT, 0, 2);
    assertArrayEquals(new float[] {2}, values(memory, 1, stream));
    clean();
  }

  @Test
  void pageableMemoryIsReadAtTheCall() {
    long stream = stream();
    MemorySegment host = arena.allocateFrom(JAVA_FLOAT, 1f);
    long memory = device(4, stream);
    ok("cudaMemcpyAsync", memory, host, 4L, TO_DEVICE, stream);
    host.set(JAVA_FLOAT, 0, 2);
    assertArrayEquals(new float[] {1}, values(memory, 1, stream));
    clean();
  }

  @Test
  void aQueryAnswersNotReadyBeforeItAnswersReady() {
    long stream = stream();
    device(stream, 1f);
    assertEquals(NOT_READY, call("cudaStreamQuery", stream));
    ok("cudaStreamQuery", stream);
    ok("cudaStreamQuery", stream);
    long event = made("cudaEventCreateWithFlags", 0);
    ok("cudaEventQuery", event);
    ok("cudaEventRecord", event, stream);
    assertEquals(NOT_READY, call("cudaEventQuery", event));
    ok("cudaEventQuery", event);
    clean();
  }

  @Test
  void anEventWaitsForWhatWasQueuedBeforeItOnly() {
    long stream = stream();
    MemorySegment host = pinned(4);
    long event = made("cudaEventCreateWithFlags", 0);
    ok("cudaMemcpyAsync", host, device(stream, 1f), 4L, TO_HOST, stream);
    ok("cudaEventRecord", event, stream);
    ok("cudaMemcpyAsync", host, device(stream, 2f), 4L, TO_HOST, stream);
    ok("cudaEventSynchronize", event);
    assertEquals(1, host.get(JAVA_FLOAT, 0));
    ok("cudaStreamDestroy", stream);
    assertEquals(2, host.get(JAVA_FLOAT, 0));
    clean();
  }

  @Test
  void streamsRunInNoOrderButThatOfTheirEvents() {
    long first = stream();
    long second = stream();
    MemorySegment host = pinned(4);
    long memory = device(first, 1f);
    ok("cudaDeviceSynchronize");
    long event = made("cudaEventCreateWithFlags", 2);
    ok("cudaMemsetAsync", memory, 0, 4L, first);
    ok("cudaMemcpyAsync", host, memory, 4L, TO_HOST, second);
    ok("cudaDeviceSynchronize");
    assertEquals(1, host.get(JAVA_FLOAT, 0), "the younger stream ran first");
    ok("cudaMemsetAsync", memory, 0, 4L, first);
    ok("cudaEventRecord", event, first);
    ok("cudaStreamWaitEvent", second, event, 0);
    ok("cudaMemcpyAsync", host, memory, 4L, TO_HOST, second);
    ok("cudaDeviceSynchronize");
    assertEquals(0, host.get(JAVA_FLOAT, 0));
    clean();
  }

  @Test
  void timeIsGivenBetweenRecordedEventsOnly() {
    long stream = stream();
    long start = made("cudaEventCreateWithFlags", 0);
    long end = made("cudaEventCreateWithFlags", 0);
    long untimed = made("cudaEventCreateWithFlags", 2);
    MemorySegment cell = arena.allocate(JAVA_FLOAT);
    wrong(INVALID_HANDLE, "never recorded", "cudaEventElapsedTime", cell, start, end);
    ok("cudaEventRecord", start, stream);
    device(stream, new float[1000]);
    ok("cudaEventRecord", end, stream);
    ok("cudaEventRecord", untimed, stream);
    assertEquals(NOT_READY, call("cudaEventElapsedTime", cell, start, end));
    ok("cudaStreamSynchronize", stream);
    ok("cudaEventElapsedTime", cell, start, end);
    assertTrue(cell.get(JAVA_FLOAT, 0) > 0);
    wrong(INVALID_HANDLE, "without timing", "cudaEventElapsedTime", cell, start, untimed);
    wrong(INVALID_VALUE, "flags", "cudaEventCreateWithFlags", cell, 4);
    wrong(INVALID_VALUE, "flags", "cudaStreamCreateWithFlags", cell, 2);
  }

  @Test
  void theDefaultStreamWaitsForBlockingStreams() {
    long blocking = made("cudaStreamCreateWithFlags", 0);
    MemorySegment host = pinned(4);
    ok("cudaMemcpyAsync", host, device(blocking, 3f), 4L, TO_HOST, blocking);
    ok("cudaMemsetAsync", device(4, 0), 0, 4L, 0L);
    ok("cudaStreamSynchronize", 0L);
    assertEquals(3, host.get(JAVA_FLOAT, 0));
    clean();
  }

  @Test
  void streamsOfAnotherDeviceAreRefused() {
    CudaDouble.setDevices(2);
    long event = made("cudaEventCreateWithFlags", 0);
    ok("cudaSetDevice", 1);
    long stream = stream();
    wrong(INVALID_HANDLE, "device 0", "cudaEventRecord", event, stream);
    ok("cudaSetDevice", 0);
  }
}

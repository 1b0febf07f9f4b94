package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.testing.CudaDouble;
import org.junit.jupiter.api.Test;

class CudaGraphTest extends CudaTestCase {

  @Test
  void capturedWorkIsDoneAsOftenAsItIsLaunched() {
    try (CublasHandle cublas = CublasHandle.create(stream, pool);
        DeviceMemory x = upload(3);
        DeviceMemory y = upload(0)) {
      stream.beginCapture();
      assertTrue(stream.isCapturing());
      // y = x * x + y, and x stays.
      product(cublas, x, y);
      CudaGraph graph = stream.endCapture();
      assertFalse(stream.isCapturing());
      assertTrue(graph.nodes() >= 1);
      try (CudaGraphExec exec = graph.instantiate()) {
        graph.close();
        assertArrayEquals(new float[] {0}, download(y));
        exec.upload(stream);
        for (int i = 1; i <= 5; i++) {
          exec.launch(stream);
          assertArrayEquals(new float[] {9 * i}, download(y));
        }
      }
    }
  }

  private static void product(CublasHandle cublas, DeviceMemory x, DeviceMemory y) {
    long a = x.address();
    cublas.sgemm(Transpose.NO, Transpose.NO, 1, 1, 1, 1, a, 1, a, 1, 1, y.address(), 1);
  }

  @Test
  void everyPieceOfWorkIsANode() {
    try (DeviceMemory a = pool.allocate(64);
        DeviceMemory b = pool.allocate(64)) {
      stream.beginCapture();
      stream.fillBytes(a.address(), 1, 64);
      stream.copyOnDevice(a.address(), b.address(), 64);
      stream.fillBytes(a.address(), 2, 64);
      try (CudaGraph graph = stream.endCapture()) {
        assertEquals(3, graph.nodes());
      }
    }
  }

  @Test
  void aSpoiltCaptureEndsWithAnErrorThatAbortingKeepsQuiet() {
    CudaDouble.requireDouble();
    expectViolation("cudaStreamSynchronize");
    stream.beginCapture();
    CudaException spoilt = assertThrows(CudaException.class, stream::synchronize);
    assertEquals("cudaErrorStreamCaptureUnsupported", spoilt.codeName());
    CudaException end = assertThrows(CudaException.class, stream::endCapture);
    assertEquals("cudaErrorStreamCaptureInvalidated", end.codeName());
    assertFalse(stream.isCapturing());
    stream.beginCapture();
    assertThrows(CudaException.class, stream::synchronize);
    assertTrue(stream.isCapturing());
    stream.abortCapture();
    assertFalse(stream.isCapturing());
    stream.synchronize();
  }

  @Test
  void aCaptureThatIsThrownAwayDoesNothing() {
    try (DeviceMemory a = upload(1)) {
      stream.abortCapture();
      stream.beginCapture();
      stream.fillBytes(a.address(), 0, 4);
      stream.abortCapture();
      assertArrayEquals(new float[] {1}, download(a));
    }
  }

  @Test
  void aClosedGraphIsRefused() {
    stream.beginCapture();
    CudaGraph graph = stream.endCapture();
    CudaGraphExec exec = graph.instantiate();
    exec.close();
    exec.close();
    graph.close();
    graph.close();
    assertThrows(IllegalStateException.class, graph::nodes);
    assertThrows(IllegalStateException.class, graph::instantiate);
    assertThrows(IllegalStateException.class, () -> exec.launch(stream));
  }
}

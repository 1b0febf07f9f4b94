package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.View;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The double copies late: pinned memory that is used again too early shows as wrong data. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaTransfersTest {

  private CudaBackend backend;

  @BeforeEach
  void open() {
    backend = CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.KERNELS);
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private static int[] numbers(int n, int first) {
    int[] numbers = new int[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = first + i;
    }
    return numbers;
  }

  private int[] read(Storage buffer, int offset, int size) {
    int[] values = new int[size];
    View view = new View(buffer, offset, new int[] {size}, new int[] {1});
    backend.read(view, MemorySegment.ofArray(values));
    return values;
  }

  @Test
  void manyUploadsBeforeAnyIsDone() {
    List<Storage> buffers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      int n = 1 + i * i * 3;
      Storage buffer = backend.allocate(DType.I32, n);
      backend.write(MemorySegment.ofArray(numbers(n, i)), buffer);
      buffers.add(buffer);
    }
    for (int i = 0; i < 50; i++) {
      int n = 1 + i * i * 3;
      assertArrayEquals(numbers(n, i), read(buffers.get(i), 0, n), "buffer " + i);
    }
  }

  @Test
  void largerThanTheStagingMemory() {
    int n = 6_000_011;
    Storage buffer = backend.allocate(DType.I32, n);
    backend.write(MemorySegment.ofArray(numbers(n, 0)), buffer);
    assertArrayEquals(numbers(n, 0), read(buffer, 0, n));
    assertArrayEquals(numbers(100, n - 100), read(buffer, n - 100, 100));
  }

  @Test
  void partsAndNothing() {
    Storage buffer = backend.allocate(DType.I32, 5);
    backend.write(MemorySegment.ofArray(numbers(5, 0)), buffer);
    backend.write(MemorySegment.ofArray(numbers(2, 70)), buffer);
    assertArrayEquals(new int[] {70, 71, 2, 3, 4}, read(buffer, 0, 5));
    Storage nothing = backend.allocate(DType.I32, 0);
    backend.write(MemorySegment.ofArray(new int[0]), nothing);
    assertEquals(0, read(nothing, 0, 0).length);
    Exception e =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> backend.write(MemorySegment.ofArray(new int[6]), buffer));
    assertTrue(e.getMessage().contains("24 bytes into a buffer of 5"), e.getMessage());
  }

  @Test
  void integersAreFilledAsIntegers() {
    Storage buffer = backend.allocate(DType.I32, 7);
    backend.fill(-3, View.contiguous(buffer, 7));
    assertArrayEquals(new int[] {-3, -3, -3, -3, -3, -3, -3}, read(buffer, 0, 7));
  }

  @Test
  void anotherThreadMayGoOn() throws InterruptedException {
    Storage buffer = backend.allocate(DType.I32, 3);
    List<int[]> seen = new ArrayList<>();
    Thread other =
        new Thread(
            () -> {
              backend.fill(9, View.contiguous(buffer, 3));
              seen.add(read(buffer, 0, 3));
            });
    other.start();
    other.join();
    assertArrayEquals(new int[] {9, 9, 9}, seen.get(0));
  }

  @Test
  void useAfterFreeAndAfterCloseIsAnError() {
    Storage buffer = backend.allocate(DType.I32, 3);
    backend.free(buffer);
    assertThrows(IllegalStateException.class, () -> read(buffer, 0, 3));
    assertThrows(IllegalArgumentException.class, () -> backend.allocate(DType.F64, 1));
    backend.close();
    backend.close();
    assertThrows(IllegalStateException.class, () -> backend.allocate(DType.I32, 1));
  }
}

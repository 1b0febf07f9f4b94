package io.hypertape.bindings.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlasMatrixTest {

  @ParameterizedTest
  @CsvSource({
    "3, 4, 4, 1, false, 4",
    "3, 4, 6, 1, false, 6",
    "3, 4, 1, 3, true, 3",
    "3, 4, 1, 5, true, 5",
    // A row or a column alone: whatever its other stride is, a BLAS is told no less than it wants.
    "1, 4, 0, 1, false, 4",
    "1, 4, 9, 1, false, 9",
    "3, 1, 1, 0, false, 1",
    "3, 1, 7, 0, false, 7",
    "1, 4, 1, 7, true, 7",
    "1, 1, 0, 0, false, 1",
  })
  void contiguousRowsOrColumnsFit(
      int rows, int cols, int rowStride, int colStride, boolean transposed, long leading) {
    assertTrue(BlasMatrix.fits(rows, cols, rowStride, colStride));
    BlasMatrix x = new BlasMatrix(new float[40], 2, rows, cols, rowStride, colStride);
    assertEquals(transposed, x.isTransposed());
    assertEquals(leading, x.leading());
    assertEquals(4 * (40 - 2), x.segment().byteSize());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4, 4, 1",
    "3, 0, 4, 1",
    "3, 4, 8, 2", // gaps both ways
    "3, 4, 0, 1", // a row repeated
    "3, 4, 1, 0",
    "3, 4, 3, 1", // rows overlap
    "3, 4, -4, 1",
  })
  void othersDoNot(int rows, int cols, int rowStride, int colStride) {
    assertFalse(BlasMatrix.fits(rows, cols, rowStride, colStride));
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new BlasMatrix(new float[99], 20, rows, cols, rowStride, colStride));
    assertTrue(e.getMessage().contains(rows + " x " + cols), e.getMessage());
  }

  @Test
  void itLiesWithinItsArray() {
    new BlasMatrix(new float[12], 1, 3, 3, 4, 1);
    assertThrows(
        IndexOutOfBoundsException.class, () -> new BlasMatrix(new float[12], 2, 3, 3, 4, 1));
    assertThrows(
        IndexOutOfBoundsException.class, () -> new BlasMatrix(new float[12], -1, 3, 3, 3, 1));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> new BlasMatrix(new float[12], 0, 1 << 20, 3, 1 << 20, 1));
  }
}

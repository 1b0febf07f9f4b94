package io.hypertape.bindings.blas;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.UnfitLibraryException;
import io.hypertape.bindings.testing.LoopBlas;
import org.junit.jupiter.api.Test;

/** A library whose products are wrong in one way or another is refused, with what is wrong. */
class BlasCheckTest {

  /** Changes operands or results on the way. */
  private abstract static class Wrong extends LoopBlas {
    abstract Runnable other(BlasMatrix a, BlasMatrix b, float beta, BlasMatrix c);

    Runnable right(BlasMatrix a, BlasMatrix b, float beta, BlasMatrix c) {
      return super.product(a, b, beta, c);
    }

    @Override
    public Runnable product(BlasMatrix a, BlasMatrix b, float beta, BlasMatrix c) {
      return other(a, b, beta, c);
    }
  }

  private static String refusal(BlasLibrary library) {
    return assertThrows(UnfitLibraryException.class, () -> BlasCheck.check(library)).getMessage();
  }

  @Test
  void rightProductsPass() {
    LoopBlas loops = new LoopBlas();
    assertDoesNotThrow(() -> BlasCheck.check(loops));
    assertEquals(8, loops.run);
  }

  @Test
  void aFactorThatIsReadByRowsThoughItLiesByColumnsIsRefused() {
    String refusal =
        refusal(
            new Wrong() {
              @Override
              Runnable other(BlasMatrix a, BlasMatrix b, float beta, BlasMatrix c) {
                BlasMatrix rows =
                    new BlasMatrix(b.array(), b.offset(), b.rows(), b.cols(), b.cols() + 3, 1);
                return right(a, rows, beta, c);
              }
            });
    assertTrue(refusal.contains(" is wrong: element ("), refusal);
  }

  @Test
  void whatIsThereMustBeAddedIfSoAsked() {
    String refusal =
        refusal(
            new Wrong() {
              @Override
              Runnable other(BlasMatrix a, BlasMatrix b, float beta, BlasMatrix c) {
                return right(a, b, 0, c);
              }
            });
    assertTrue(refusal.contains(" is wrong: element (0, 0) is "), refusal);
  }

  @Test
  void whatIsThereMustBeOverwrittenOtherwise() {
    String refusal =
        refusal(
            new Wrong() {
              @Override
              Runnable other(BlasMatrix a, BlasMatrix b, float beta, BlasMatrix c) {
                return right(a, b, beta == 0 ? Float.MIN_NORMAL : beta, c);
              }
            });
    assertTrue(refusal.contains(" is NaN instead of "), refusal);
  }

  @Test
  void nothingBesideMayBeWritten() {
    String refusal =
        refusal(
            new Wrong() {
              @Override
              Runnable other(BlasMatrix a, BlasMatrix b, float beta, BlasMatrix c) {
                Runnable right = right(a, b, beta, c);
                return () -> {
                  right.run();
                  c.array()[c.offset() + c.cols()] = 0;
                };
              }
            });
    assertTrue(refusal.contains("a number beside the result is 0.0 instead of 1234.5"), refusal);
  }

  @Test
  void aLibraryThatFailsIsRefused() {
    String refusal =
        refusal(
            new Wrong() {
              @Override
              Runnable other(BlasMatrix a, BlasMatrix b, float beta, BlasMatrix c) {
                return () -> {
                  throw new IllegalStateException("status 2");
                };
              }
            });
    assertEquals("a product fails: status 2", refusal);
  }
}

package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.testing.CudaDouble;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every call that layers make fails once, one after the other: each time an exception must name the
 * call, and nothing may be left open or be used wrongly on the way out.
 */
@Tag("cuda-double")
class CudaLayerFailuresTest {

  /** More calls than a run makes. */
  private static final int ENOUGH = 3000;

  @BeforeAll
  static void start() {
    CudaDouble.load();
    CudaDouble.requireDouble();
    CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.CUDNN).close();
  }

  /** Runs all layers; the nth call from when the backend is open fails, if one is to. */
  private static Optional<RuntimeException> failureOf(SoftmaxPath path, int nth) {
    CudaBackend backend = CudaBackend.open(CudaPrecision.FLOAT32, path);
    Optional<RuntimeException> failure = Optional.empty();
    try {
      CudaDouble.fail(nth, 0);
      new LayerWork(backend).run();
      backend.synchronize();
    } catch (RuntimeException e) {
      failure = Optional.of(e);
    }
    try {
      backend.close();
    } catch (RuntimeException e) {
      assertTrue(failure.isEmpty(), "one failure, one exception");
      failure = Optional.of(e);
    }
    return failure;
  }

  @ParameterizedTest
  @EnumSource(names = {"CUDNN", "KERNELS"})
  void everyCallMayFail(SoftmaxPath path) {
    int nth = 1;
    for (; nth < ENOUGH; nth++) {
      CudaDouble.reset();
      Optional<RuntimeException> failure = failureOf(path, nth);
      Optional<String> function = CudaDouble.failed();
      if (function.isEmpty()) {
        assertEquals(Optional.empty(), failure);
        break;
      }
      String where = "call " + nth + ", " + function.get();
      assertEquals(List.of(), CudaDouble.violations(), where);
      assertEquals(List.of(), CudaDouble.live(), where);
      RuntimeException thrown =
          failure.orElseThrow(() -> new AssertionError(where + ": nothing was thrown"));
      assertTrue(thrown.getMessage().contains(function.get()), where + ": " + thrown);
    }
    assertTrue(nth > 200 && nth < ENOUGH, nth + " calls");
    CudaDouble.reset();
  }
}

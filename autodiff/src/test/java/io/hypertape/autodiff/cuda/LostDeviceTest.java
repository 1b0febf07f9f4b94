package io.hypertape.autodiff.cuda;

import static io.hypertape.autodiff.access.Internals.INTERNALS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.bindings.testing.CudaDouble;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The device is lost in the midst of training, at one call after the other: the error says so and
 * what to do, whatever is called afterwards says it again, and all that was opened is given back
 * once.
 */
@Tag("cuda-double")
class LostDeviceTest {

  private static final int DEVICES_UNAVAILABLE = 46;
  private static final int ECC_UNCORRECTABLE = 214;
  private static final int ILLEGAL_ADDRESS = 700;
  private static final int LAUNCH_FAILURE = 719;

  private static final int STEPS = 8;

  /** More calls than the run makes. */
  private static final int ENOUGH = 4000;

  /** Every so many calls, a prime; the first ones open the backend. */
  private static final int STRIDE = 7;

  private Session session;
  private TowerOptimizer optimizer;

  @BeforeAll
  static void start() {
    CudaDouble.load();
    CudaDouble.requireDouble();
    // The kernels are compiled once for all.
    CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.CUDNN).close();
  }

  @AfterEach
  void reset() {
    CudaDouble.reset();
  }

  private void train() {
    session = Session.over(CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.CUDNN));
    Parameter w = new Parameter("w", session.normal(new int[] {3, 5}, 1, 1));
    optimizer = Tower.parse("adam(0.01)/sgd(1e-4)").bind(session, List.of(w));
    TrainingStep step =
        optimizer.prepare(
            in -> in.get(0).matmulTransposed(w.value()).logSoftmax().pick(in.get(1)).mean().neg());
    for (int i = 0; i < STEPS; i++) {
      step.run(Input.floats(new float[20], 4, 5), Input.indices(0, 1, 2, 0)).item();
    }
  }

  /** What was thrown; the session and the optimizer stay open. */
  private Optional<RuntimeException> failure(int nth, int status) {
    CudaDouble.reset();
    CudaDouble.lose(nth, status);
    session = null;
    optimizer = null;
    try {
      train();
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(e);
    }
  }

  private static void assertTells(RuntimeException e, String name, String where) {
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(name), where + ": " + message);
    assertTrue(message.contains("start the program again"), where + ": " + message);
  }

  private void close(String name, String where) {
    for (AutoCloseable open : new AutoCloseable[] {optimizer, session}) {
      try {
        if (open != null) {
          open.close();
          open.close();
        }
      } catch (Exception e) {
        assertTells((RuntimeException) e, name, where + ", closing");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {DEVICES_UNAVAILABLE, ECC_UNCORRECTABLE, ILLEGAL_ADDRESS, LAUNCH_FAILURE})
  void isToldAndNothingIsLeft(int status) {
    String name = "(" + status + ")";
    int lost = 0;
    for (int nth = 1 + status % STRIDE; nth < ENOUGH; nth += STRIDE) {
      Optional<RuntimeException> failure = failure(nth, status);
      Optional<String> call = CudaDouble.failed();
      String where = "call " + nth + ", " + call.orElse("none");
      if (call.isEmpty()) {
        assertEquals(Optional.empty(), failure, where);
        close(name, where);
        break;
      }
      lost++;
      assertTells(
          failure.orElseThrow(() -> new AssertionError(where + ": no failure")), name, where);
      if (session != null) {
        RuntimeException again =
            assertThrows(RuntimeException.class, () -> session.scalar(1).item(), where);
        assertTells(again, name, where + ", used again");
      }
      close(name, where);
      assertEquals(List.of(), CudaDouble.violations(), where);
      assertEquals(List.of(), CudaDouble.live(), where);
    }
    assertTrue(lost > 30, lost + " losses");
  }

  /** Not the end: a call that fails for a reason of its own leaves a session that works. */
  @ParameterizedTest
  @CsvSource({"1, cudaErrorInvalidValue", "2, cudaErrorMemoryAllocation"})
  void otherFailuresAreNoLoss(int status, String name) {
    CudaDouble.reset();
    try (Session other = Session.over(CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.CUDNN))) {
      // A lack of memory is met by giving up what is kept for later, once.
      CudaDouble.fail(1, status, status, "cudaMallocFromPoolAsync");
      RuntimeException e =
          assertThrows(RuntimeException.class, () -> other.ones(1234), "no failure");
      assertTrue(e.getMessage().contains(name), e.getMessage());
      assertFalse(e.getMessage().contains("start the program again"), e.getMessage());
      try (Scope scope = other.scratch()) {
        Tensor fine = INTERNALS.show(scope, other.full(new int[] {1234}, 2));
        assertEquals(2468, fine.sum().item());
      }
    }
    assertEquals(List.of(), CudaDouble.violations());
    assertEquals(List.of(), CudaDouble.live());
  }
}

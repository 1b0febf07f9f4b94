package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.conformance.Bench.Pair;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reductions, matrix products, dense layers. */
interface MatrixConformance extends LayerSuite {

  double ROUNDED = 4e-6;

  @ParameterizedTest
  @EnumSource
  default void affine(Epilogue epilogue) {
    if (!bench().subject.fusesAffine()) {
      // Then a layer is the operations that are tested one by one.
      assertThrows(
          UnsupportedOperationException.class,
          () -> bench().subject.affine(null, null, null, epilogue, null));
      return;
    }
    int[][] sizes = {
      {1, 1, 1}, {2, 3, 4}, {5, 17, 16}, {16, 16, 16}, {37, 43, 41}, {33, 10, 128}, {64, 128, 300}
    };
    for (int[] s : sizes) {
      Pair x = bench().normal(s[0], s[2]);
      Pair w = bench().normal(s[1], s[2]);
      Pair turned = bench().transposed(bench().normal(s[2], s[0]));
      Pair bias = bench().normal(s[1]);
      for (Pair first : List.of(x, turned)) {
        Pair out = bench().out(s[0], s[1]);
        bench()
            .check(
                "affine " + epilogue + java.util.Arrays.toString(s),
                ROUNDED * Math.sqrt(s[2]),
                List.of(first, w, bias, out),
                (b, v) -> b.affine(v[0], v[1], v[2], epilogue, v[3]),
                out);
      }
      Pair cotangent = bench().normal(s[0], s[1]);
      Pair output = bench().normal(s[0], s[1]);
      Pair sums = bench().out(s[0], s[1]);
      Pair dBias = bench().out(s[1]);
      bench()
          .check(
              "affineGrad " + epilogue + java.util.Arrays.toString(s),
              ROUNDED * Math.sqrt(s[0]),
              List.of(cotangent, output, sums, dBias),
              (b, v) -> b.affineGrad(epilogue, v[0], v[1], v[2], v[3]),
              sums,
              dBias);
    }
  }

  @ParameterizedTest
  @EnumSource
  default void reduce(ReduceOp op) {
    for (int[] shape : SHAPES) {
      for (int mask = 0; mask < 1 << shape.length; mask++) {
        int[] reduced = shape.clone();
        for (int axis = 0; axis < shape.length; axis++) {
          reduced[axis] = (mask >> axis & 1) == 1 ? 1 : shape[axis];
        }
        checkReduce(op, bench().normal(shape), reduced);
        checkReduce(op, bench().strided(shape), reduced);
        checkReduce(op, bench().broadcast(bench().scalar(0.5), shape), reduced);
      }
    }
  }

  private void checkReduce(ReduceOp op, Pair x, int... reduced) {
    Pair out = bench().out(reduced);
    bench()
        .check(
            op + " to " + java.util.Arrays.toString(reduced),
            1e-4,
            List.of(x, out),
            (b, v) -> b.reduce(op, v[0], v[1]),
            out);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 16, 17, 33, 64, 129})
  default void gemm(int k) {
    for (int m : new int[] {0, 1, 5, 16, 31, 67}) {
      for (int n : new int[] {0, 1, 10, 16, 33, 65}) {
        Pair a = bench().normal(m, k);
        Pair at = bench().transposed(bench().normal(k, m));
        Pair b = bench().normal(k, n);
        Pair bt = bench().transposed(bench().normal(n, k));
        for (Pair left : new Pair[] {a, at}) {
          for (Pair right : new Pair[] {b, bt}) {
            checkGemm(m, n, k, left, right);
          }
        }
      }
    }
  }

  private void checkGemm(int m, int n, int k, Pair a, Pair b) {
    String what = "gemm " + m + "×" + n + "×" + k;
    Pair fresh = bench().out(m, n);
    bench().check(what, 2e-5, List.of(a, b, fresh), (x, v) -> x.gemm(v[0], v[1], 0, v[2]), fresh);
    Pair sum = bench().normal(m, n);
    bench()
        .check(
            what + " added", 2e-5, List.of(a, b, sum), (x, v) -> x.gemm(v[0], v[1], 1, v[2]), sum);
  }

  @Test
  default void gemmOfBroadcastFactors() {
    Pair a = bench().broadcast(bench().scalar(0.25), 9, 20);
    Pair b = bench().broadcast(bench().normal(20, 1), 20, 18);
    checkGemm(9, 18, 20, a, b);
  }
}

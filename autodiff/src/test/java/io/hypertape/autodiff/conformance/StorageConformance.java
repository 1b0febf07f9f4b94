package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.Distribution;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.conformance.Bench.Pair;
import io.hypertape.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written, filled, copied and drawn. */
interface StorageConformance extends LayerSuite {

  double EXACT = 1e-7;

  @Test
  default void copyBetweenStrides() {
    for (int[] shape : SHAPES) {
      Pair x = bench().strided(shape);
      Pair out = bench().out(shape);
      bench().check("copy", 0, List.of(x, out), (b, v) -> b.copy(v[0], v[1]), out);
      Pair dense = bench().normal(shape);
      Pair target = bench().strided(shape);
      Pair back = bench().out(shape);
      bench()
          .check(
              "copy to strides",
              0,
              List.of(dense, target, back),
              (b, v) -> {
                b.copy(v[0], v[1]);
                b.copy(v[1], v[2]);
              },
              back);
    }
  }

  @Test
  default void fillOnlyItsView() {
    Pair whole = bench().normal(40);
    bench()
        .check(
            "fill",
            0,
            List.of(whole),
            (b, v) -> b.fill(2.5, new View(v[0].storage(), 5, new int[] {17}, new int[] {1})),
            whole);
  }

  @ParameterizedTest
  @EnumSource
  default void randomNumbersAreTheSameEverywhere(Distribution distribution) {
    for (int n : new int[] {0, 1, 5, 16, 1000}) {
      Pair out = bench().out(n);
      bench()
          .check(
              "random",
              EXACT * 10,
              List.of(out),
              (b, v) -> b.random(distribution, 99, 3, v[0]),
              out);
    }
  }

  @Test
  default void streamsDiffer() {
    View a = bench().out(100).subject();
    View b = bench().out(100).subject();
    bench().subject.random(Distribution.UNIFORM, 1, 1, a);
    bench().subject.random(Distribution.UNIFORM, 1, 2, b);
    double[] first = Bench.read(bench().subject, a);
    double[] second = Bench.read(bench().subject, b);
    int equal = 0;
    for (int i = 0; i < first.length; i++) {
      assertTrue(first[i] >= 0 && first[i] < 1);
      equal += first[i] == second[i] ? 1 : 0;
    }
    assertTrue(equal < 3, equal + " of 100 equal");
  }

  /** From the midst of an array to the beginning of a storage, and back. */
  @Test
  default void partsOfArraysAreWrittenAndRead() {
    View x = bench().out(7).subject();
    float[] values = {1, 2, 3, 4, 5, 6};
    bench().subject.write(values, 2, 3, x.storage());
    float[] read = new float[5];
    View some = new View(x.storage(), 1, new int[] {2}, new int[] {1});
    bench().subject.read(some, 1, read, 3);
    bench().subject.read(some, 2, read, 0);
    assertArrayEquals(new float[] {4, 5, 0, 4, 0}, read);
    assertTrue(Double.isNaN(Bench.read(bench().subject, x)[3]), "no more is written");
  }

  @Test
  default void writtenIntegersAreReadBack() {
    var buffer = bench().subject.allocate(DType.I32, 3);
    int[] values = {Integer.MIN_VALUE, 7, Integer.MAX_VALUE};
    bench().subject.write(java.lang.foreign.MemorySegment.ofArray(values), buffer);
    int[] read = new int[3];
    bench().subject.read(View.contiguous(buffer, 3), java.lang.foreign.MemorySegment.ofArray(read));
    assertArrayEquals(values, read);
    bench().subject.free(buffer);
  }

  @Test
  default void integersAreCopiedAsFloatsAre() {
    int[] values = {1, 2, 3, Integer.MIN_VALUE, 5, Integer.MAX_VALUE};
    var buffer = bench().subject.allocate(DType.I32, values.length);
    var copy = bench().subject.allocate(DType.I32, values.length);
    bench().subject.write(java.lang.foreign.MemorySegment.ofArray(values), buffer);
    View transposed = new View(buffer, 0, new int[] {3, 2}, new int[] {1, 3});
    bench().subject.copy(transposed, View.contiguous(copy, 3, 2));
    int[] read = new int[values.length];
    bench().subject.read(View.contiguous(copy, 6), java.lang.foreign.MemorySegment.ofArray(read));
    assertArrayEquals(new int[] {1, Integer.MIN_VALUE, 2, 5, 3, Integer.MAX_VALUE}, read);
    bench().subject.free(buffer);
    bench().subject.free(copy);
  }
}

package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.conformance.Bench.Pair;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Masks for dropout: equal on all backends, new ones each time. */
interface DropoutConformance extends LayerSuite {

  @Test
  default void dropoutMasksAreTheSameEverywhere() {
    for (double keep : new double[] {1, 0.9, 0.5, 1 / 3.0, 1e-3}) {
      for (int n : new int[] {0, 1, 7, 16, 1031}) {
        Pair counter = bench().indices(new int[] {3}, 1);
        Pair mask = bench().shifted(bench().out(n));
        // 1/keep is rounded; which elements are 0 is exact.
        bench()
            .checkLayer(
                "dropoutMask, " + n + " at " + keep,
                1e-7,
                List.of(counter, mask),
                (b, v) -> b.dropoutMask(keep, 0x123456789ABCDEFL, v[0], v[1]),
                mask,
                counter);
      }
    }
  }

  @Test
  default void dropoutCounterWrapsAround() {
    Pair counter = bench().indices(new int[] {-2}, 1);
    Pair mask = bench().out(33);
    for (int round = 0; round < 4; round++) {
      bench()
          .checkLayer(
              "dropoutMask",
              1e-7,
              List.of(counter, mask),
              (b, v) -> b.dropoutMask(0.5, -1, v[0], v[1]),
              mask,
              counter);
    }
  }

  @Test
  default void dropoutKeepsTheShareThatItShould() {
    Pair counter = bench().indices(new int[] {0}, 1);
    View mask = bench().out(20_000).subject();
    bench().subject.dropoutMask(0.8, 5, counter.subject(), mask);
    double[] values = Bench.read(bench().subject, mask);
    long kept = Arrays.stream(values).filter(v -> v != 0).count();
    // Five standard deviations of a binomial distribution: √(20000·0.8·0.2) = 57.
    assertEquals(16_000, kept, 285);
  }

  @Test
  default void replaysDrawNewMasks() {
    Backend subject = bench().subject;
    if (!subject.canRecord()) {
      return;
    }
    Pair counter = bench().indices(new int[] {7}, 1);
    Pair mask = bench().out(257);
    subject.dropoutMask(0.5, 1, counter.subject(), mask.subject());
    bench().oracle.dropoutMask(0.5, 1, counter.oracle(), mask.oracle());
    subject.beginRecording();
    subject.dropoutMask(0.5, 1, counter.subject(), mask.subject());
    Recording recording = subject.endRecording();
    double[] before = Bench.read(subject, mask.subject());
    for (int round = 0; round < 3; round++) {
      recording.replay();
      bench().oracle.dropoutMask(0.5, 1, counter.oracle(), mask.oracle());
      bench().compare("replay " + round, 0, mask);
      double[] after = Bench.read(subject, mask.subject());
      assertFalse(Arrays.equals(before, after), "replay " + round + " drew the same mask");
      before = after;
    }
    assertArrayEquals(new int[] {11}, Bench.readIntegers(subject, counter.subject()));
    assertTrue(recording.operations() >= 1);
    recording.close();
  }
}

package io.hypertape.benchmarks.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sides that compute the same in turns of 20 ms, in an order that is reversed from round to round.
 * With more threads than one there is a pause before each turn: OpenBLAS's and OpenMP's workers
 * spin for a while after a call and would take a core away from whoever comes next. One call
 * untimed warms each turn's caches.
 */
final class GemmTurns {

  private static final double TURN_SECONDS = 0.02;
  private static final long PAUSE_MILLIS = 60;

  private final int threads;
  private final Map<String, Prepared> sides = new LinkedHashMap<>();

  /** Computes the product again and again. */
  @FunctionalInterface
  interface Side {
    /** The seconds that so many products take. */
    double seconds(int count) throws IOException;
  }

  /** A side, and for how many seconds it is warmed up. */
  private record Prepared(Side side, double warmup) {}

  GemmTurns(int threads) {
    this.threads = threads;
  }

  /** Adds a side that is warmed up for so many seconds. */
  void add(String name, double warmup, Side side) {
    sides.put(name, new Prepared(side, warmup));
  }

  /** A side that is in this JVM. */
  static Side timed(Runnable product) {
    return count -> {
      product.run();
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        product.run();
      }
      return (System.nanoTime() - start) * 1e-9;
    };
  }

  /** Seconds of a product, by the side's name and the round. */
  Map<String, double[]> fight(int rounds) throws IOException {
    Map<String, double[]> times = new LinkedHashMap<>();
    Map<String, Integer> calls = new LinkedHashMap<>();
    for (Map.Entry<String, Prepared> side : sides.entrySet()) {
      calls.put(side.getKey(), warm(side.getValue()));
      times.put(side.getKey(), new double[rounds]);
    }
    List<String> order = new ArrayList<>(sides.keySet());
    for (int round = 0; round < rounds; round++) {
      for (String name : order) {
        times.get(name)[round] = turn(sides.get(name).side, calls.get(name));
      }
      order = order.reversed();
    }
    return times;
  }

  /** Warms up; returns how many calls a turn takes. */
  private int warm(Prepared prepared) throws IOException {
    long start = System.nanoTime();
    double seconds = 0;
    double best = Double.MAX_VALUE;
    int count = 1;
    while (seconds < prepared.warmup) {
      best = Math.min(best, turn(prepared.side, count));
      count = (int) Math.max(1, Math.min(1_000_000, TURN_SECONDS / best));
      seconds = (System.nanoTime() - start) * 1e-9;
    }
    return count;
  }

  private double turn(Side side, int count) throws IOException {
    if (threads > 1) {
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted", e);
      }
    }
    return side.seconds(count) / count;
  }
}

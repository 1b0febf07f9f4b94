package io.hypertape.benchmarks.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hypertape.benchmarks.GemmCalls;
import io.hypertape.benchmarks.GemmShape;
import io.hypertape.benchmarks.fork.Server;
import io.hypertape.kernels.KernelMode;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.lanes.Call;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One shape, our gemm and the peers' in one JVM, in turns: a fork of {@code hypertape bench peers}.
 *
 * <p>In turns within one process, not forks of either side, because a shared machine's speed
 * changes within seconds: a turn takes 20 ms, a fork five seconds. The order is reversed from round
 * to round. Each shape has a JVM of its own, since the profile of one would colour the next. With
 * more threads than one there is a pause before each turn: OpenBLAS's and OpenMP's workers spin for
 * a while after a call and would take a core away from whoever comes next. Peers get aligned native
 * memory, their best case; one call untimed warms each turn's caches.
 */
public final class GemmDuel {

  private static final double TURN_SECONDS = 0.02;
  // Ours is interpreted and compiled twice first.
  private static final double WARMUP_SECONDS = 3;
  private static final double PEER_WARMUP_SECONDS = 0.3;
  private static final long PAUSE_MILLIS = 60;
  private static final int ALIGNMENT = 64;

  private final GemmShape shape;
  private final int threads;
  private final Map<String, Runnable> sides = new LinkedHashMap<>();
  private final Map<String, Integer> calls = new LinkedHashMap<>();

  private GemmDuel(GemmShape shape, int threads) {
    this.shape = shape;
    this.threads = threads;
  }

  /**
   * Runs the duel and answers with one line of JSON.
   *
   * @param args shape, threads, rounds, OpenBLAS's file, oneDNN's file; empty for the usual places
   * @throws IOException if the pipe breaks
   */
  public static void main(String[] args) throws IOException {
    GemmShape shape = GemmShape.parse(args[0]);
    int threads = Integer.parseInt(args[1]);
    Map<String, Object> answer = new LinkedHashMap<>();
    List<String> notices = new ArrayList<>();
    try (Arena arena = Arena.ofConfined();
        Kernels kernels = Kernels.open(KernelMode.VECTOR, threads)) {
      List<Blas> peers = new ArrayList<>();
      GemmPeers.find(args[3], args[4], Arena.global(), peers, notices);
      GemmDuel duel = new GemmDuel(shape, threads);
      duel.prepare(kernels, peers, arena);
      answer.put("times", duel.fight(Integer.parseInt(args[2])));
      answer.put("peers", peers.stream().map(p -> p.name() + ": " + p.description()).toList());
    }
    answer.put("notices", notices);
    Server.answer(new ObjectMapper().writeValueAsString(answer));
  }

  private void prepare(Kernels kernels, List<Blas> peers, Arena arena) {
    float[] a = random(shape.m() * shape.k(), 1);
    float[] b = random(shape.k() * shape.n(), 2);
    float[] c = new float[shape.m() * shape.n()];
    Call ours = GemmCalls.of(kernels, shape, a, b, c);
    ours.run();
    sides.put(GemmPeers.OURS, ours);
    for (Blas peer : peers) {
      peer.setThreads(threads);
      MemorySegment peerA = copy(arena, a);
      MemorySegment peerB = copy(arena, b);
      MemorySegment peerC = copy(arena, c);
      peer.gemm(shape, peerA, peerB, peerC.fill((byte) 0));
      check(peer, c, peerC);
      sides.put(peer.name(), () -> peer.gemm(shape, peerA, peerB, peerC));
    }
  }

  /** Who computes something else may be as fast as he likes. */
  private void check(Blas peer, float[] ours, MemorySegment theirs) {
    // Sums of k products below 1 in size; rounding errors grow like the root of k at most.
    double tolerance = 1e-6 * (4 + Math.sqrt(shape.k()));
    for (int i = 0; i < ours.length; i++) {
      float other = theirs.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      if (!(Math.abs(ours[i] - other) <= tolerance * Math.max(1, Math.abs(other)))) {
        throw new IllegalStateException(
            shape + ": element " + i + " is " + ours[i] + " here, " + other + " of " + peer.name());
      }
    }
  }

  private Map<String, double[]> fight(int rounds) {
    Map<String, double[]> times = new LinkedHashMap<>();
    sides.forEach((name, side) -> calls.put(name, warm(side, name)));
    sides.keySet().forEach(name -> times.put(name, new double[rounds]));
    List<String> order = new ArrayList<>(sides.keySet());
    for (int round = 0; round < rounds; round++) {
      for (String name : order) {
        times.get(name)[round] = turn(sides.get(name), calls.get(name));
      }
      order = order.reversed();
    }
    return times;
  }

  /** Warms up; returns how many calls a turn takes. */
  private int warm(Runnable side, String name) {
    double enough = name.equals(GemmPeers.OURS) ? WARMUP_SECONDS : PEER_WARMUP_SECONDS;
    long start = System.nanoTime();
    double seconds = 0;
    double best = Double.MAX_VALUE;
    int count = 1;
    while (seconds < enough) {
      best = Math.min(best, turn(side, count));
      count = (int) Math.max(1, Math.min(1_000_000, TURN_SECONDS / best));
      seconds = (System.nanoTime() - start) * 1e-9;
    }
    return count;
  }

  private double turn(Runnable side, int count) {
    if (threads > 1) {
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted", e);
      }
    }
    side.run();
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      side.run();
    }
    return (System.nanoTime() - start) * 1e-9 / count;
  }

  private static MemorySegment copy(Arena arena, float[] values) {
    MemorySegment segment = arena.allocate(4L * values.length, ALIGNMENT);
    MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_FLOAT, 0, values.length);
    return segment;
  }

  private static float[] random(int n, long seed) {
    Random random = new Random(seed);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = random.nextFloat() - 0.5f;
    }
    return x;
  }
}

package io.hypertape.benchmarks.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hypertape.benchmarks.GemmCalls;
import io.hypertape.benchmarks.GemmShape;
import io.hypertape.benchmarks.fork.Child;
import io.hypertape.benchmarks.fork.Server;
import io.hypertape.kernels.KernelMode;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.lanes.Call;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
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
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final GemmShape shape;
  private final int threads;
  private final Map<String, Side> sides = new LinkedHashMap<>();
  private final Map<String, Integer> calls = new LinkedHashMap<>();

  /** Computes the product again and again. */
  @FunctionalInterface
  private interface Side {
    /** The seconds that so many products take. */
    double seconds(int count) throws IOException;
  }

  private GemmDuel(GemmShape shape, int threads) {
    this.shape = shape;
    this.threads = threads;
  }

  /**
   * Runs the duel and answers with one line of JSON.
   *
   * @param args shape, threads, rounds, files of OpenBLAS, oneDNN and MKL, empty for the usual
   *     places, and a Python with torch, empty if there is none, and our script for it
   * @throws IOException if the pipe breaks
   */
  public static void main(String[] args) throws IOException {
    GemmShape shape = GemmShape.parse(args[0]);
    int threads = Integer.parseInt(args[1]);
    Map<String, Object> answer = new LinkedHashMap<>();
    List<String> notices = new ArrayList<>();
    List<Child> children = new ArrayList<>();
    try (Arena arena = Arena.ofConfined();
        Kernels kernels = Kernels.open(KernelMode.VECTOR, threads)) {
      List<Blas> peers = new ArrayList<>();
      GemmPeers.find(List.of(args).subList(3, 6), Arena.global(), peers, notices);
      GemmDuel duel = new GemmDuel(shape, threads);
      duel.prepare(kernels, peers, arena);
      List<String> known = new ArrayList<>();
      peers.forEach(peer -> known.add(peer.name() + ": " + peer.description()));
      if (!args[6].isEmpty()) {
        duel.addTorch(List.of(args[6], args[7]), children, known);
      }
      answer.put("times", duel.fight(Integer.parseInt(args[2])));
      answer.put("peers", known);
    } finally {
      for (Child child : children) {
        child.close();
      }
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
    sides.put(GemmPeers.OURS, timed(ours));
    for (Blas peer : peers) {
      peer.setThreads(threads);
      MemorySegment peerA = copy(arena, a);
      MemorySegment peerB = copy(arena, b);
      MemorySegment peerC = copy(arena, c);
      peer.gemm(shape, peerA, peerB, peerC.fill((byte) 0));
      check(peer, c, peerC);
      sides.put(peer.name(), timed(() -> peer.gemm(shape, peerA, peerB, peerC)));
    }
  }

  /** In processes of their own, which sleep until they are asked. */
  private void addTorch(List<String> python, List<Child> children, List<String> known)
      throws IOException {
    for (Map.Entry<String, String> kind : GemmPeers.TORCH.entrySet()) {
      List<String> command = new ArrayList<>(python);
      for (int size : new int[] {shape.m(), shape.n(), shape.k()}) {
        command.add(Integer.toString(size));
      }
      command.add(shape.transA() ? "1" : "0");
      command.add(shape.transB() ? "1" : "0");
      command.addAll(List.of(kind.getValue(), Integer.toString(threads)));
      Child child = new Child(kind.getKey(), command, variables -> variables, PATIENCE);
      children.add(child);
      known.add(kind.getKey() + ": " + child.answer());
      sides.put(
          kind.getKey(), count -> Double.parseDouble(child.ask(Integer.toString(count)).strip()));
    }
  }

  private static Side timed(Runnable product) {
    return count -> {
      product.run();
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        product.run();
      }
      return (System.nanoTime() - start) * 1e-9;
    };
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

  private Map<String, double[]> fight(int rounds) throws IOException {
    Map<String, double[]> times = new LinkedHashMap<>();
    for (Map.Entry<String, Side> side : sides.entrySet()) {
      calls.put(side.getKey(), warm(side.getValue(), side.getKey()));
    }
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
  private int warm(Side side, String name) throws IOException {
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

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
 * changes within seconds: a turn takes 20 ms, a fork five seconds. Each shape has a JVM of its own,
 * since the profile of one would colour the next. Peers get aligned native memory, their best case.
 */
public final class GemmDuel {

  // Ours is interpreted and compiled twice first.
  private static final double WARMUP_SECONDS = 3;
  private static final double PEER_WARMUP_SECONDS = 0.3;
  private static final int ALIGNMENT = 64;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final GemmShape shape;
  private final int threads;
  private final GemmTurns turns;

  private GemmDuel(GemmShape shape, int threads) {
    this.shape = shape;
    this.threads = threads;
    this.turns = new GemmTurns(threads);
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
        try {
          duel.addTorch(List.of(args[6], args[7]), children, known, notices);
        } catch (IOException e) {
          notices.add("PyTorch's products were left out: " + e.getMessage());
        }
      }
      answer.put("times", duel.turns.fight(Integer.parseInt(args[2])));
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
    turns.add(GemmPeers.OURS, WARMUP_SECONDS, GemmTurns.timed(ours));
    for (Blas peer : peers) {
      peer.setThreads(threads);
      MemorySegment peerA = copy(arena, a);
      MemorySegment peerB = copy(arena, b);
      MemorySegment peerC = copy(arena, c);
      peer.gemm(shape, peerA, peerB, peerC.fill((byte) 0));
      check(peer, c, peerC);
      turns.add(
          peer.name(),
          PEER_WARMUP_SECONDS,
          GemmTurns.timed(() -> peer.gemm(shape, peerA, peerB, peerC)));
    }
  }

  /** In a process of their own, which sleeps until it is asked. */
  private void addTorch(
      List<String> python, List<Child> children, List<String> known, List<String> notices)
      throws IOException {
    List<String> command = new ArrayList<>(python);
    for (int size : new int[] {shape.m(), shape.n(), shape.k()}) {
      command.add(Integer.toString(size));
    }
    command.add(shape.transA() ? "1" : "0");
    command.add(shape.transB() ? "1" : "0");
    command.add(Integer.toString(threads));
    command.addAll(GemmPeers.TORCH.values());
    Child child = new Child("PyTorch", command, variables -> variables, PATIENCE);
    children.add(child);
    for (Map.Entry<String, String> kind : GemmPeers.TORCH.entrySet()) {
      String answer = child.answer();
      if (answer.startsWith("-")) {
        notices.add(kind.getKey() + " was left out: " + answer.substring(1));
      } else {
        known.add(kind.getKey() + ": " + answer);
        turns.add(
            kind.getKey(),
            PEER_WARMUP_SECONDS,
            count -> Double.parseDouble(child.ask(count + " " + kind.getValue()).strip()));
      }
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

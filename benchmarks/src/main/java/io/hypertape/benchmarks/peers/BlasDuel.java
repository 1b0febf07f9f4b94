package io.hypertape.benchmarks.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BackendProvider;
import io.hypertape.autodiff.backend.BackendSettings;
import io.hypertape.autodiff.backend.BlasChoice;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.View;
import io.hypertape.benchmarks.GemmShape;
import io.hypertape.benchmarks.fork.Server;
import io.hypertape.tensor.DType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;

/**
 * One shape, each library called directly and by a recorded product of the cpu backend that is told
 * to use it, in one JVM in turns: a fork of {@code hypertape bench blas}. Beside them our own
 * kernels. Called directly, a library gets native memory that lies as a Java array does, 16 bytes
 * from a cache line's begin, and again as it likes it best.
 */
public final class BlasDuel {

  /** What sides are called beside a library's name. */
  static final String THROUGH = " by --blas";

  static final String ALIGNED = " aligned";

  private static final double WARMUP_SECONDS = 3;
  private static final double LIBRARY_WARMUP_SECONDS = 0.5;
  private static final int LINE = 64;
  private static final int ARRAY_BASE = 16;

  private final GemmShape shape;
  private final int threads;
  private final GemmTurns turns;
  private final float[] a;
  private final float[] b;
  private final List<Backend> backends = new ArrayList<>();

  private BlasDuel(GemmShape shape, int threads) {
    this.shape = shape;
    this.threads = threads;
    this.turns = new GemmTurns(threads);
    this.a = random(shape.m() * shape.k(), 1);
    this.b = random(shape.k() * shape.n(), 2);
  }

  /**
   * Runs the duel and answers with one line of JSON.
   *
   * @param args shape, threads, rounds, files of OpenBLAS, oneDNN and MKL, empty for the usual
   *     places
   * @throws IOException if the pipe breaks
   */
  public static void main(String[] args) throws IOException {
    BlasDuel duel = new BlasDuel(GemmShape.parse(args[0]), Integer.parseInt(args[1]));
    Map<String, Object> answer = new LinkedHashMap<>();
    List<String> notices = new ArrayList<>();
    List<String> known = new ArrayList<>();
    List<Blas> libraries = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      GemmPeers.find(Arrays.asList(args).subList(3, 6), Arena.global(), libraries, notices);
      duel.turns.add(
          GemmPeers.OURS, WARMUP_SECONDS, GemmTurns.timed(duel.recorded(BlasChoice.OFF)::replay));
      for (Blas library : libraries) {
        duel.add(library, arena);
        known.add(library.name() + ": " + library.description());
      }
      answer.put("times", duel.turns.fight(Integer.parseInt(args[2])));
    } finally {
      duel.backends.forEach(Backend::close);
    }
    answer.put("peers", known);
    answer.put("notices", notices);
    Server.answer(new ObjectMapper().writeValueAsString(answer));
  }

  private void add(Blas library, Arena arena) {
    library.setThreads(threads);
    turns.add(library.name(), LIBRARY_WARMUP_SECONDS, direct(library, arena, ARRAY_BASE));
    turns.add(library.name() + ALIGNED, LIBRARY_WARMUP_SECONDS, direct(library, arena, 0));
    Recording product = recorded(BlasChoice.of(Path.of(library.place())));
    turns.add(library.name() + THROUGH, LIBRARY_WARMUP_SECONDS, GemmTurns.timed(product::replay));
  }

  private GemmTurns.Side direct(Blas library, Arena arena, int from) {
    MemorySegment left = copy(arena, a, from);
    MemorySegment right = copy(arena, b, from);
    MemorySegment result = copy(arena, new float[shape.m() * shape.n()], from);
    return GemmTurns.timed(() -> library.gemm(shape, left, right, result));
  }

  private static MemorySegment copy(Arena arena, float[] values, int from) {
    MemorySegment segment =
        arena.allocate(from + 4L * values.length, LINE).asSlice(from, 4L * values.length);
    MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_FLOAT, 0, values.length);
    return segment;
  }

  /** The product as a training step replays it. */
  private Recording recorded(BlasChoice blas) {
    Backend backend =
        ServiceLoader.load(BackendProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.name().equals("cpu"))
            .findFirst()
            .orElseThrow()
            .create(
                new BackendSettings(
                    BackendSettings.Numbers.FLOAT32, threads, BackendSettings.Simd.VECTOR, blas));
    backends.add(backend);
    Storage left = backend.allocate(DType.F32, a.length);
    Storage right = backend.allocate(DType.F32, b.length);
    backend.write(MemorySegment.ofArray(a), left);
    backend.write(MemorySegment.ofArray(b), right);
    Storage result = backend.allocate(DType.F32, shape.m() * shape.n());
    backend.beginRecording();
    backend.gemm(
        view(left, shape.transA(), shape.m(), shape.k()),
        view(right, shape.transB(), shape.k(), shape.n()),
        0,
        View.contiguous(result, shape.m(), shape.n()));
    return backend.endRecording();
  }

  private static View view(Storage storage, boolean transposed, int rows, int cols) {
    int[] strides = transposed ? new int[] {1, rows} : new int[] {cols, 1};
    return new View(storage, 0, new int[] {rows, cols}, strides);
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

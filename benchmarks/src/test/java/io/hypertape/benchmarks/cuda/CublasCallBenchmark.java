package io.hypertape.benchmarks.cuda;

import io.hypertape.bindings.cuda.CublasHandle;
import io.hypertape.bindings.cuda.CudaDevice;
import io.hypertape.bindings.cuda.CudaStream;
import io.hypertape.bindings.cuda.MemoryPool;
import io.hypertape.bindings.cuda.Transpose;
import io.hypertape.bindings.generated.cublas.Cublas;
import io.hypertape.bindings.testing.CudaDouble;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a call of cuBLAS costs more through the typed layer than as a downcall of the binding, over
 * the double of the library. A product of no rows, so that the double checks its arguments and
 * returns: what remains is the way there and back.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@State(Scope.Thread)
public class CublasCallBenchmark {

  private CudaDevice device;
  private CudaStream stream;
  private MemoryPool pool;
  private CublasHandle handle;
  private Arena arena;
  private MemorySegment raw;
  private MemorySegment one;
  private MemorySegment zero;
  private MemorySegment nothing;

  /** Opens a handle each way. */
  @Setup
  public void open() {
    CudaDouble.load();
    device = CudaDevice.open(0);
    stream = CudaStream.create(device);
    pool = MemoryPool.create(stream);
    handle = CublasHandle.create(stream, pool);
    arena = Arena.ofConfined();
    MemorySegment cell = arena.allocate(ValueLayout.ADDRESS);
    if (Cublas.cublasCreate_v2(cell) != 0
        || Cublas.cublasSetStream_v2(cell.get(ValueLayout.ADDRESS, 0), stream.handle()) != 0) {
      throw new IllegalStateException("no raw handle");
    }
    raw = cell.get(ValueLayout.ADDRESS, 0);
    one = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1);
    zero = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0);
    nothing = MemorySegment.NULL;
  }

  /** Closes them. */
  @TearDown
  public void close() {
    Cublas.cublasDestroy_v2(raw);
    arena.close();
    handle.close();
    pool.close();
    stream.close();
    device.close();
  }

  /**
   * The binding alone.
   *
   * @return the status
   */
  @Benchmark
  public int downcall() {
    return Cublas.cublasSgemm_v2(
        raw, 0, 0, 0, 128, 64, one, nothing, 64, nothing, 64, zero, nothing, 64);
  }

  /** The typed layer: open? scalars, call, status. */
  @Benchmark
  public void typedLayer() {
    handle.sgemm(Transpose.NO, Transpose.NO, 0, 128, 64, 1, 0, 64, 0, 64, 0, 0, 64);
  }
}

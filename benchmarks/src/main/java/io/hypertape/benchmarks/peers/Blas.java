package io.hypertape.benchmarks.peers;

import io.hypertape.benchmarks.GemmShape;
import java.lang.foreign.MemorySegment;

/** A native single-precision gemm. */
interface Blas {

  /** How people call it. */
  String name();

  /** Version, file and, where the library tells, the kernel that it chose. */
  String description();

  /** Its file, or its name where the system's loader has found it. */
  String place();

  /** How many threads it shall use; called before anything else. */
  void setThreads(int threads);

  /** c = a·b, all row by row, in native memory. */
  void gemm(GemmShape shape, MemorySegment a, MemorySegment b, MemorySegment c);
}

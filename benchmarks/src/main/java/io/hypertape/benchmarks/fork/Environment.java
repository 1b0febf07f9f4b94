package io.hypertape.benchmarks.fork;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The environment of a process in which peers run: equal threads for every one of them, none of the
 * variables with which OpenBLAS is told to use kernels of an older processor, and memory that stays
 * with the process: else glibc gives buffers of megabytes back after each operation, and PyTorch's
 * convolutions wait for the system to clear pages.
 */
public final class Environment {

  private static final List<String> THREADS =
      List.of(
          "OPENBLAS_NUM_THREADS",
          "GOTO_NUM_THREADS",
          "OMP_NUM_THREADS",
          "MKL_NUM_THREADS",
          "DNNL_NUM_THREADS");

  private static final List<String> SLOWING = List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");

  /**
   * For glibc: bytes of freed memory that are kept, and above which a buffer is mapped by itself.
   */
  private static final Map<String, String> MEMORY =
      Map.of("MALLOC_TRIM_THRESHOLD_", "4294967296", "MALLOC_MMAP_THRESHOLD_", "4294967296");

  /** The option that holds our vectors to 256 bits, and what holds peers to AVX2. */
  private static final String NARROW = "-XX:UseAVX=2";

  private static final Map<String, String> AVX2 =
      Map.of(
          "OPENBLAS_CORETYPE", "Haswell",
          "DNNL_MAX_CPU_ISA", "AVX2",
          "MKL_ENABLE_INSTRUCTIONS", "AVX2",
          "ATEN_CPU_CAPABILITY", "avx2");

  private Environment() {}

  /**
   * What is changed for peers.
   *
   * @param threads how many they may use
   * @param options this JVM's; if they hold it to AVX2, peers are held to it as well
   * @return the change
   */
  public static UnaryOperator<Map<String, String>> of(int threads, List<String> options) {
    return variables -> {
      SLOWING.forEach(variables::remove);
      MEMORY.forEach(variables::putIfAbsent);
      if (options.contains(NARROW)) {
        variables.putAll(AVX2);
      }
      THREADS.forEach(name -> variables.put(name, Integer.toString(threads)));
      return variables;
    };
  }

  /**
   * Says which variables were taken away.
   *
   * @param variables this process's
   * @return one line, or an empty text if there were none
   */
  public static String note(Map<String, String> variables) {
    List<String> found = new ArrayList<>(SLOWING);
    found.retainAll(variables.keySet());
    return found.isEmpty()
        ? ""
        : "Peers ran without "
            + String.join(" and ", found)
            + ", set here, which would make OpenBLAS use the kernels of another processor.";
  }
}

package io.hypertape.bindings.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.blas.BlasLibrary.ThreadControl;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlasThreadsTest {

  @ParameterizedTest
  @CsvSource({
    "openblas_set_num_threads, PROCESS",
    "MKL_Set_Num_Threads, PROCESS",
    "MKL_Set_Num_Threads_Local, CALLER",
  })
  void aLibraryIsToldByItsOwnFunction(String function, ThreadControl control) {
    FakeFunctions functions = new FakeFunctions().takes(function);
    BlasThreads threads = BlasThreads.of(functions.names()).orElseThrow();
    threads.set(7);
    assertEquals(List.of(function + "(7)"), functions.calls);
    assertEquals(control, threads.control());
  }

  @Test
  void oneDnnIsToldByOpenMp() {
    FakeFunctions functions =
        new FakeFunctions()
            .has("dnnl_sgemm")
            .takes("omp_set_num_threads")
            .takes("openblas_set_num_threads");
    BlasThreads threads = BlasThreads.of(functions.names()).orElseThrow();
    threads.set(2);
    assertEquals(List.of("omp_set_num_threads(2)"), functions.calls);
    assertEquals(ThreadControl.CALLER, threads.control());
  }

  @Test
  void someCannotBeTold() {
    assertTrue(BlasThreads.of(new FakeFunctions().has("dnnl_sgemm").names()).isEmpty());
    assertTrue(BlasThreads.of(new FakeFunctions().takes("omp_set_num_threads").names()).isEmpty());
  }
}

package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.cpu.CpuBackend;
import io.hypertape.autodiff.cpu.start.TriedKernels;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;

/**
 * Whatever a backend does can be tried on operands like its own before, and is not changed by it.
 */
class CpuTriedConformanceTest extends BackendConformance {

  private static final Set<String> TRIED = new TreeSet<>();

  @Override
  Backend open() {
    return new CpuBackend(new TriedKernels(TRIED, new TreeSet<>()));
  }

  @Override
  String expectedName() {
    return "cpu";
  }

  @AfterAll
  static void everyOperationWasTried() {
    Set<String> left = TriedKernels.operations();
    left.removeAll(TRIED);
    // Those are updates', not a backend's.
    assertEquals(Set.of("DOT", "UPDATE"), left);
  }
}

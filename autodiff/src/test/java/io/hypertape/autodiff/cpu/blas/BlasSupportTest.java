package io.hypertape.autodiff.cpu.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.BlasReport;
import io.hypertape.bindings.LibraryReport.Attempt;
import io.hypertape.bindings.testing.LoopBlas;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BlasSupportTest {

  private static final List<Attempt> TRIED = List.of(new Attempt("libx.so", "no such file"));

  @Test
  void aLibraryIsMeasured() {
    LoopBlas blas = new LoopBlas();
    List<String> lines = BlasSupport.report(new BlasReport<>(Optional.of(blas), TRIED, ""));
    assertEquals("found: loops (of a test)", lines.getFirst());
    assertTrue(lines.get(1).matches(".*one thread: [0-9]+\\.[0-9] GFLOP/s"), lines.get(1));
    assertTrue(lines.get(2).contains("--blas auto"), lines.get(2));
    assertEquals("    tried libx.so: no such file", lines.getLast());
    assertEquals(1, blas.threads);
  }

  @Test
  void orWhyThereIsNone() {
    List<String> lines =
        BlasSupport.report(new BlasReport<>(Optional.empty(), TRIED, "no BLAS serves"));
    assertEquals(List.of("no BLAS serves", "    tried libx.so: no such file"), lines);
  }
}

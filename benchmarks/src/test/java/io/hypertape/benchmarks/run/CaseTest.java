package io.hypertape.benchmarks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.ElementwiseBenchmark;
import io.hypertape.benchmarks.GemmBenchmark;
import io.hypertape.benchmarks.SoftmaxBenchmark;
import io.hypertape.benchmarks.StepBenchmark;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaseTest {

  private static List<String> labels(String filter, Class<?>... types) {
    return Case.of(List.of(types), Pattern.compile(filter)).stream().map(Case::label).toList();
  }

  @Test
  void everyCombinationIsACase() {
    assertEquals(14, labels("", ElementwiseBenchmark.class).size());
    assertEquals(
        List.of("logSoftmax 10", "logSoftmax 1000", "logSoftmaxGrad 10", "logSoftmaxGrad 1000"),
        labels("", SoftmaxBenchmark.class));
  }

  @Test
  void aFilterChooses() {
    assertEquals(
        List.of("gemm 256x784x128", "gemm 784Tx256x128", "gemm 256x128x784T"),
        labels("gemm .*784", GemmBenchmark.class, SoftmaxBenchmark.class));
    assertEquals(List.of(), labels("nothing", GemmBenchmark.class));
  }

  @Test
  void threadsAreNoCasesOfTheirOwn() {
    List<Case> cases = Case.of(List.of(StepBenchmark.class), Pattern.compile("\\^50"));
    assertEquals(2, cases.size());
    assertEquals(List.of("tower"), List.copyOf(cases.getFirst().params().keySet()));
    assertTrue((StepBenchmark.class.getName() + ".step").matches(cases.getFirst().include()));
  }

  @ParameterizedTest
  @CsvSource({
    "sgd(0.01), 0, sgd(0.01)",
    "sgd(0.01), 1, sgd(0.01)",
    "sgd(0.01)/sgd(1e-4)^50, 0, sgd(0.01)",
    "sgd(0.01)/sgd(1e-4)^50, 1, sgd(0.01)/sgd(1e-4)",
    "adam(1e-3)/sgd(1e-5), 1, adam(1e-3)/sgd(1e-5)",
  })
  void towersOfOtherHeights(String tower, int height, String other) {
    assertEquals(other, StepSuite.atHeight(tower, height));
  }

  @Test
  void scoresAreSeconds() {
    assertEquals(0.25, JmhScore.seconds(4, "ops/s"));
    assertEquals(0.0016, JmhScore.seconds(1600, "us/op"), 1e-15);
  }
}

package io.hypertape.house;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The house keeps its rules (docs/architecture.md), each of which is shown to bite on a class of
 * {@code house.offender} that breaks it.
 */
class HouseRulesTest {

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(
              "io.hypertape.bindings",
              "io.hypertape.kernels",
              "io.hypertape.checks",
              "io.hypertape.autodiff",
              "io.hypertape.optim",
              "io.hypertape.shards",
              "io.hypertape.data",
              "io.hypertape.io",
              "io.hypertape.metrics",
              "io.hypertape.models",
              "io.hypertape.predict",
              "io.hypertape.run",
              "io.hypertape.trace",
              "io.hypertape.spark",
              "io.hypertape.cli",
              "io.hypertape.plots",
              "io.hypertape.benchmarks");

  private static final Map<String, ArchRule> RULES = new HouseRules("io.hypertape").all();

  static Stream<String> names() {
    return RULES.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void theHouseKeeps(String rule) {
    RULES.get(rule).check(HOUSE);
  }

  @Test
  void thereIsAHouseToCheck() {
    assertTrue(HOUSE.size() > 150, HOUSE.size() + " classes");
    for (String part :
        new String[] {"bindings", "kernels", "autodiff", "models", "cli", "benchmarks"}) {
      assertTrue(
          HOUSE.stream().anyMatch(c -> c.getPackageName().startsWith("io.hypertape." + part)),
          part);
    }
    assertFalse(HOUSE.that(alwaysTrue()).isEmpty());
  }

  /** The same rules on a house where they are broken: what keeps quiet there proves nothing. */
  @Test
  void theRulesBite() {
    String offender = "io.hypertape.house.offender";
    JavaClasses offenders = new ClassFileImporter().importPackages(offender);
    Map<String, ArchRule> same = new HouseRules(offender).all();
    assertEquals(List.copyOf(RULES.keySet()), List.copyOf(same.keySet()));
    for (Map.Entry<String, ArchRule> rule : same.entrySet()) {
      assertTrue(
          rule.getValue().allowEmptyShould(true).evaluate(offenders).hasViolation(),
          rule.getKey() + " does not bite");
    }
  }
}

package io.hypertape.house;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who may name whom (docs/architecture.md). Each rule is shown to bite on a class that breaks it.
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
              "io.hypertape.data",
              "io.hypertape.io",
              "io.hypertape.models",
              "io.hypertape.run",
              "io.hypertape.trace",
              "io.hypertape.cli",
              "io.hypertape.benchmarks");

  private static final String[] AUTODIFF = {
    "io.hypertape.checks..",
    "io.hypertape.tensor..",
    "io.hypertape.autodiff..",
    "io.hypertape.optim.."
  };

  /** Annotations for compilers, which are not there when the library runs. */
  private static final String NULLNESS = "org.jspecify.annotations..";

  private static final Map<String, ArchRule> RULES = new LinkedHashMap<>();

  static {
    RULES.put(
        "native-bindings depends on the JDK only",
        onlyDependOn("io.hypertape.bindings..", "java..", "io.hypertape.bindings.."));
    RULES.put(
        "vector-kernels depends on the JDK only",
        onlyDependOn(
            "io.hypertape.kernels..",
            "java..",
            "jdk.incubator.vector..",
            "com.sun.management..",
            "io.hypertape.kernels.."));
    RULES.put(
        "autodiff has no third-party dependency",
        classes()
            .that()
            .resideInAnyPackage(AUTODIFF)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "java..",
                NULLNESS,
                "io.hypertape.bindings..",
                "io.hypertape.kernels..",
                "io.hypertape.checks..",
                "io.hypertape.tensor..",
                "io.hypertape.autodiff..",
                "io.hypertape.optim.."));
    RULES.put(
        "only the cuda backend names native-bindings",
        noClasses()
            .that()
            .resideOutsideOfPackages("io.hypertape.bindings..", "io.hypertape.autodiff.cuda..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.hypertape.bindings.."));
    RULES.put(
        "only native-bindings names what was generated",
        noClasses()
            .that()
            .resideOutsideOfPackage("io.hypertape.bindings..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.hypertape.bindings.generated.."));
    RULES.put(
        "only the cpu and reference backends name vector-kernels",
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "io.hypertape.kernels..",
                "io.hypertape.autodiff.cpu..",
                "io.hypertape.autodiff.reference..",
                "io.hypertape.benchmarks..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.hypertape.kernels.."));
    RULES.put(
        "the incubating API stays inside vector-kernels",
        noClasses()
            .that()
            .resideOutsideOfPackage("io.hypertape.kernels..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator.."));
    RULES.put("no public signature shows the incubating API", methods().should(hideIncubator()));
    RULES.put(
        "no number can be taken for a shape's first length", methods().should(leadWithShapes()));
    RULES.put(
        "tensors know no models, models no command line",
        noClasses()
            .that(
                resideInAnyPackage(
                    "io.hypertape.tensor..",
                    "io.hypertape.autodiff..",
                    "io.hypertape.optim..",
                    "io.hypertape.data..",
                    "io.hypertape.io..",
                    "io.hypertape.models..",
                    "io.hypertape.run..",
                    "io.hypertape.trace.."))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.hypertape.cli..", "io.hypertape.benchmarks.."));
    RULES.put("no text depends on the machine's locale or character set", LocaleRule.rule());
    RULES.put("files are written where it is known how", WritingRule.rule());
    RULES.put(
        "packages have no cycles",
        slices().matching("io.hypertape.(**)").should().beFreeOfCycles());
    RULES.put(
        "only the command line ends the JVM",
        noClasses()
            .that()
            .resideOutsideOfPackage("io.hypertape.cli..")
            .should()
            .callMethod(System.class, "exit", int.class));
    RULES.put(
        "only the command line and benchmarks write to the console",
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "io.hypertape.cli..",
                "io.hypertape.benchmarks..",
                // They can trace their calls, if the JVM is told so.
                "io.hypertape.bindings.generated..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err"));
  }

  private static ArchRule onlyDependOn(String who, String... whom) {
    return classes()
        .that()
        .resideInAPackage(who)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(whom);
  }

  private static ArchCondition<JavaMethod> hideIncubator() {
    return new ArchCondition<>("show no incubating type") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        boolean open =
            method.getModifiers().contains(JavaModifier.PUBLIC)
                && method.getOwner().getModifiers().contains(JavaModifier.PUBLIC);
        boolean shows =
            Stream.concat(
                    Stream.of(method.getRawReturnType()), method.getRawParameterTypes().stream())
                .map(JavaClass::getPackageName)
                .anyMatch(name -> name.startsWith("jdk.incubator"));
        events.add(new SimpleConditionEvent(method, !(open && shows), method.getFullName()));
      }
    };
  }

  /** With {@code full(double value, int... shape)}, {@code full(2, 3)} has the shape [3]. */
  private static ArchCondition<JavaMethod> leadWithShapes() {
    return new ArchCondition<>("take no int... behind a number") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        List<JavaClass> types = method.getRawParameterTypes();
        boolean trap =
            method.getModifiers().contains(JavaModifier.PUBLIC)
                && types.size() > 1
                && types.getLast().isEquivalentTo(int[].class)
                && types.subList(0, types.size() - 1).stream().anyMatch(HouseRulesTest::isNumber)
                && method.reflect().isVarArgs();
        events.add(new SimpleConditionEvent(method, !trap, method.getFullName()));
      }
    };
  }

  private static boolean isNumber(JavaClass type) {
    return type.isPrimitive() && !type.isEquivalentTo(boolean.class);
  }

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
    for (String part : new String[] {"bindings", "kernels", "autodiff", "models", "benchmarks"}) {
      assertTrue(
          HOUSE.stream().anyMatch(c -> c.getPackageName().startsWith("io.hypertape." + part)),
          part);
    }
    assertFalse(HOUSE.that(alwaysTrue()).isEmpty());
  }

  /** The same rules on classes moved out of their rooms: what keeps quiet there proves nothing. */
  @Test
  void theRulesBite() {
    JavaClasses offenders =
        new ClassFileImporter()
            .importPackages(
                "io.hypertape.bindings.offender",
                "io.hypertape.kernels.offender",
                "io.hypertape.autodiff.offender",
                "io.hypertape.models.offender");
    assertFalse(offenders.isEmpty());
    for (Map.Entry<String, ArchRule> rule : RULES.entrySet()) {
      assertTrue(
          rule.getValue().allowEmptyShould(true).evaluate(offenders).hasViolation(),
          rule.getKey() + " does not bite");
    }
  }
}

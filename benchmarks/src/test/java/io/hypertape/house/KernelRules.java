package io.hypertape.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The rules inside vector-kernels: which room stands on which, and who may take arrays and offsets
 * apart.
 *
 * @param room the package of the kernels
 */
record KernelRules(String room) {

  /** More parameters than these are operands taken apart. */
  private static final int MOST_PARAMETERS = 8;

  /** What an innermost loop is marked with, or a class of them. */
  private static final String LEAF = ".lanes.LeafLoop";

  /** Each room with those below it that it may name. */
  private static final Map<String, List<String>> BELOW = new LinkedHashMap<>();

  static {
    BELOW.put("lanes", List.of());
    BELOW.put("elementwise", List.of("lanes"));
    BELOW.put("gemm", List.of("lanes", "elementwise"));
    BELOW.put("convolution", List.of("lanes", "elementwise", "gemm"));
    BELOW.put("layers", List.of("lanes", "elementwise", "gemm"));
    BELOW.put("updates", List.of("lanes", "elementwise", "gemm"));
  }

  void addTo(Map<String, ArchRule> rules) {
    BELOW.forEach(
        (name, below) ->
            rules.put(
                "the kernels' room " + name + " names no room but " + below,
                classes()
                    .that()
                    .resideInAPackage(room + "." + name + "..")
                    .should()
                    .onlyDependOnClassesThat(outsideOrIn(name, below))));
    rules.put(
        "the kernels have no other rooms than " + BELOW.keySet(),
        classes()
            .that()
            .resideInAPackage(room + "..")
            .should()
            .resideInAnyPackage(
                Stream.concat(
                        Stream.of(room), BELOW.keySet().stream().map(name -> room + "." + name))
                    .toArray(String[]::new)));
    rules.put(
        "methods of kernels have at most " + MOST_PARAMETERS + " parameters, leaf loops aside",
        codeUnits()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage(room + "..")
            .should(takeFewParameters(room + LEAF)));
  }

  private DescribedPredicate<JavaClass> outsideOrIn(String name, List<String> below) {
    return new DescribedPredicate<>("are outside the kernels, or in its rooms " + below) {
      @Override
      public boolean test(JavaClass type) {
        String home = type.getBaseComponentType().getPackageName();
        return !(home.equals(room) || home.startsWith(room + "."))
            || home.equals(room + "." + name)
            || below.stream().anyMatch(lower -> home.equals(room + "." + lower));
      }
    };
  }

  /** Leaf loops may take more, if only others of them do that they call. */
  private static ArchCondition<JavaCodeUnit> takeFewParameters(String leaf) {
    return new ArchCondition<>("have at most " + MOST_PARAMETERS + " parameters") {
      @Override
      public void check(JavaCodeUnit unit, ConditionEvents events) {
        if (isMadeByTheCompiler(unit)) {
          return;
        }
        boolean few = unit.getRawParameterTypes().size() <= MOST_PARAMETERS;
        boolean fits = isLeaf(unit, leaf) ? callsLeavesOnly(unit, leaf) : few;
        events.add(new SimpleConditionEvent(unit, fits, unit.getFullName()));
      }
    };
  }

  /** Lambdas take what they capture, and records their components. */
  private static boolean isMadeByTheCompiler(JavaCodeUnit unit) {
    boolean synthetic =
        unit instanceof JavaMethod && unit.getModifiers().contains(JavaModifier.SYNTHETIC);
    return synthetic || unit instanceof JavaConstructor && unit.getOwner().isRecord();
  }

  private static boolean isLeaf(JavaCodeUnit unit, String leaf) {
    return unit.isAnnotatedWith(leaf) || unit.getOwner().isAnnotatedWith(leaf);
  }

  private static boolean callsLeavesOnly(JavaCodeUnit unit, String leaf) {
    return unit.getCallsFromSelf().stream()
        .filter(call -> call.getTarget().getRawParameterTypes().size() > MOST_PARAMETERS)
        .allMatch(
            call -> call.getTarget().resolveMember().filter(m -> isLeaf(m, leaf)).isPresent());
  }
}

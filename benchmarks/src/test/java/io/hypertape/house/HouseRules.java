package io.hypertape.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The rules of the house that are about compiled classes: who may name whom, and what is written as
 * what. They are made for the house, and for the little one below {@code house.offender} where each
 * is broken.
 *
 * @param root the package of all rooms
 */
record HouseRules(String root) {

  /** Annotations for compilers, which are not there when the library runs. */
  private static final String NULLNESS = "org.jspecify.annotations..";

  /** The packages of the room autodiff. */
  private static final String[] AUTODIFF = {"checks", "shards", "tensor", "autodiff", "optim"};

  /** The packages of the room models. */
  private static final String[] MODELS = {
    "data", "io", "metrics", "models", "predict", "run", "trace"
  };

  /** What reads tables, and is there only if who embeds models adds it. */
  private static final String[] TABLES = {"org.apache.commons.csv..", "com.github.luben.zstd.."};

  /** A rule by what it says, in the order in which they are checked. */
  Map<String, ArchRule> all() {
    Map<String, ArchRule> rules = new LinkedHashMap<>();
    dependOnLittle(rules);
    keepToRooms(rules);
    new KernelRules(root + ".kernels").addTo(rules);
    signatures(rules);
    rules.put("no text depends on the machine's locale or character set", LocaleRule.rule());
    rules.put("files are written where it is known how", WritingRule.rule());
    console(rules);
    return rules;
  }

  private void dependOnLittle(Map<String, ArchRule> rules) {
    rules.put(
        "native-bindings depends on the JDK only",
        onlyDependOn(rooms("bindings"), "java..", room("bindings")));
    rules.put(
        "vector-kernels depends on the JDK only",
        onlyDependOn(rooms("kernels"), "java..", "jdk.incubator.vector..", room("kernels")));
    rules.put(
        "autodiff has no third-party dependency",
        onlyDependOn(
            rooms(AUTODIFF),
            Stream.concat(
                    Stream.of(
                        "java..",
                        "jdk.jfr..",
                        "com.sun.management..",
                        NULLNESS,
                        room("bindings"),
                        room("kernels")),
                    Stream.of(rooms(AUTODIFF)))
                .toArray(String[]::new)));
    rules.put(
        "models depends on Jackson alone, of all third parties",
        onlyDependOn(
            rooms(MODELS),
            Stream.of(
                    Stream.of("java..", "javax.imageio..", "com.fasterxml.jackson..", NULLNESS),
                    Stream.of(TABLES),
                    Stream.of(rooms(AUTODIFF)),
                    Stream.of(rooms(MODELS)))
                .flatMap(Function.identity())
                .toArray(String[]::new)));
  }

  private void keepToRooms(Map<String, ArchRule> rules) {
    rules.put(
        "only readers of tables name the libraries that may be missing",
        noClasses()
            .that()
            .resideOutsideOfPackages(rooms("data.table.format", "data.table.parquet"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TABLES));
    rules.put(
        "only the cuda backend and the cpu's BLAS name native-bindings",
        onlyNamedBy(room("bindings"), rooms("bindings", "autodiff.cuda", "autodiff.cpu.blas")));
    rules.put(
        "only native-bindings names what was generated",
        onlyNamedBy(room("bindings.generated"), rooms("bindings")));
    rules.put(
        "only the cpu and reference backends name vector-kernels",
        onlyNamedBy(
            room("kernels"), rooms("kernels", "autodiff.cpu", "autodiff.reference", "benchmarks")));
    rules.put(
        "the incubating API stays inside vector-kernels",
        onlyNamedBy("jdk.incubator..", rooms("kernels")));
    rules.put(
        "tensors know no models, models no command line",
        noClasses()
            .that()
            .resideInAnyPackage(
                Stream.of(AUTODIFF, MODELS)
                    .map(this::rooms)
                    .flatMap(Stream::of)
                    .toArray(String[]::new))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(rooms("cli", "plots", "benchmarks")));
    rules.put(
        "packages have no cycles", slices().matching(root + ".(**)").should().beFreeOfCycles());
  }

  private void signatures(Map<String, ArchRule> rules) {
    rules.put(
        "no public signature shows the incubating API, but between the kernels' rooms",
        methods()
            .that()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackage(room("kernels.lanes"))
            .should(hideIncubator()));
    rules.put(
        "no number can be taken for a shape's first length", methods().should(leadWithShapes()));
  }

  private void console(Map<String, ArchRule> rules) {
    rules.put(
        "only the command line ends the JVM",
        noClasses()
            .that()
            .resideOutsideOfPackage(room("cli"))
            .should()
            .callMethod(System.class, "exit", int.class));
    rules.put(
        "only the command line and benchmarks write to the console",
        noClasses()
            .that()
            // What was generated can trace its calls, if the JVM is told so.
            .resideOutsideOfPackages(rooms("cli", "benchmarks", "bindings.generated"))
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err"));
  }

  /** A room's packages, such as {@code io.hypertape.kernels..}. */
  private String room(String name) {
    return root + "." + name + "..";
  }

  private String[] rooms(String... names) {
    return Stream.of(names).map(this::room).toArray(String[]::new);
  }

  private static ArchRule onlyDependOn(String[] who, String... whom) {
    return classes()
        .that()
        .resideInAnyPackage(who)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(whom);
  }

  private static ArchRule onlyNamedBy(String what, String... who) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(who)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(what);
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
                && types.subList(0, types.size() - 1).stream().anyMatch(HouseRules::isNumber)
                && method.reflect().isVarArgs();
        events.add(new SimpleConditionEvent(method, !trap, method.getFullName()));
      }
    };
  }

  private static boolean isNumber(JavaClass type) {
    return type.isPrimitive() && !type.isEquivalentTo(boolean.class);
  }
}

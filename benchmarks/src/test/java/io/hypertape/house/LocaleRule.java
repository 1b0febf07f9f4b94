package io.hypertape.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.lang.reflect.Executable;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Text is the same on every machine: no call leaves the locale or the character set to a default.
 * Under an Arabic locale {@code String.format("%d", 1)} is {@code ١}, which names no tensor.
 *
 * <p>Found are calls of the JDK that have an overload with one parameter more, a {@link Locale} or
 * a {@link Charset}, and those of a list that have none.
 */
final class LocaleRule {

  private static final Set<String> NAMED =
      Set.of(
          "java.lang.String.formatted",
          "java.util.Locale.getDefault",
          "java.nio.charset.Charset.defaultCharset",
          "java.text.MessageFormat.format",
          "java.time.format.DateTimeFormatter.ofLocalizedDate",
          "java.time.format.DateTimeFormatter.ofLocalizedTime",
          "java.time.format.DateTimeFormatter.ofLocalizedDateTime",
          // It parses numbers in the default locale, whatever it reads.
          "java.util.Scanner.<init>");

  /** Constructors that take what they depend on as one of these, though not last. */
  private static final Set<String> CONSTRUCTED =
      Set.of("java.text.DecimalFormat", "java.io.PrintStream", "java.io.PrintWriter");

  private static final Set<String> GIVEN =
      Set.of(
          Charset.class.getName(),
          "java.text.DecimalFormatSymbols",
          // What has a charset of its own.
          "java.io.Writer",
          "java.io.PrintStream");

  /** Where nothing is said these read and write UTF-8. */
  private static final Set<String> UTF_8 = Set.of("java.nio.file.Files", "java.lang.foreign.");

  /** Its further parameter is a fallback. */
  private static final String FOR_NAME = "java.nio.charset.Charset.forName";

  private LocaleRule() {}

  static ArchRule rule() {
    return classes()
        .that()
        // jextract's; what they print to trace calls has names only.
        .resideOutsideOfPackage("io.hypertape.bindings.generated..")
        .should(nameLocaleAndCharset());
  }

  private static ArchCondition<JavaClass> nameLocaleAndCharset() {
    return new ArchCondition<>("name the locale and the character set of texts") {
      @Override
      public void check(JavaClass owner, ConditionEvents events) {
        for (JavaCodeUnit unit : owner.getCodeUnits()) {
          accesses(unit)
              .filter(access -> leavesItOpen(access.getTarget()))
              .forEach(
                  access ->
                      events.add(SimpleConditionEvent.violated(owner, access.getDescription())));
        }
      }
    };
  }

  /** All that a method or a constructor calls or refers to. */
  static Stream<JavaCodeUnitAccess<?>> accesses(JavaCodeUnit unit) {
    return Stream.of(
            unit.getMethodCallsFromSelf(),
            unit.getConstructorCallsFromSelf(),
            unit.getMethodReferencesFromSelf(),
            unit.getConstructorReferencesFromSelf())
        .flatMap(Set::stream);
  }

  private static boolean leavesItOpen(CodeUnitAccessTarget target) {
    String owner = target.getOwner().getName();
    if (!owner.startsWith("java.") || UTF_8.stream().anyMatch(owner::startsWith)) {
      return false;
    }
    List<String> types = target.getRawParameterTypes().stream().map(JavaClass::getName).toList();
    String name = owner + "." + target.getName();
    if (name.equals(FOR_NAME)) {
      return false;
    }
    return NAMED.contains(name)
        || (CONSTRUCTED.contains(owner)
            && target.getName().equals("<init>")
            && types.stream().noneMatch(GIVEN::contains))
        || overloads(owner, target.getName()).anyMatch(further -> hasOneMore(further, types));
  }

  private static Stream<Executable> overloads(String owner, String name) {
    Class<?> type;
    try {
      type = Class.forName(owner);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
    Executable[] all = name.equals("<init>") ? type.getConstructors() : type.getMethods();
    // A constructor is named as its class.
    return Arrays.stream(all).filter(one -> name.equals("<init>") || one.getName().equals(name));
  }

  /** Whether a method takes these types and a locale or charset besides, at any place. */
  private static boolean hasOneMore(Executable method, List<String> types) {
    List<String> parameters = Stream.of(method.getParameterTypes()).map(Class::getName).toList();
    for (Class<?> what : List.of(Locale.class, Charset.class)) {
      List<String> others = new ArrayList<>(parameters);
      if (others.remove(what.getName()) && others.equals(types)) {
        return true;
      }
    }
    return false;
  }
}

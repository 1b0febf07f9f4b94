package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.EvaluationResult;
import io.hypertape.house.offender.models.Abiding;
import io.hypertape.house.offender.models.LocaleOffender;
import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocaleRuleTest {

  private static EvaluationResult judged(Class<?> type) {
    return LocaleRule.rule().evaluate(new ClassFileImporter().importClasses(type));
  }

  @Test
  void eachWayToTakeADefaultIsFound() {
    List<String> found = judged(LocaleOffender.class).getFailureReport().getDetails();
    Method[] methods = LocaleOffender.class.getDeclaredMethods();
    for (Method method : methods) {
      assertEquals(
          1,
          found.stream().filter(one -> one.contains("Offender." + method.getName() + "(")).count(),
          method.getName() + " in " + found);
    }
    assertTrue(methods.length > 20);
    assertEquals(methods.length, found.size(), found.toString());
  }

  @Test
  void whatNamesThemPasses() {
    EvaluationResult result = judged(Abiding.class);
    assertEquals(List.of(), result.getFailureReport().getDetails());
  }
}

package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {

  @ParameterizedTest
  @CsvSource({
    "*.bias|*.gamma, layer1.bias, true",
    "*.bias|*.gamma, block.2.gamma, true",
    "*.bias|*.gamma, layer1.weight, false",
    "*.bias|*.gamma, layer1.bias2, false",
    "*.bias, .bias, true",
    "*.bias, layer1-bias, false",
    "layer?.weight, layer1.weight, true",
    "layer?.weight, layer12.weight, false",
    "layer?.weight, layer.weight, false",
    "layer[1].w, layer[1].w, true",
    "layer[1].w, layer1.w, false",
    "a/b_c-d, a/b_c-d, true",
    "weight, Weight, false",
    "*, anything, true",
    "**, x, true",
    "*a*b*, xxaxbx, true",
    "*a*b*, xxbxax, false",
    "*ab, aab, true",
    "poids_é*, poids_été, true",
    "x?, x\uD83D\uDE00, true",
    "x??, x\uD83D\uDE00, false"
  })
  void starsAndQuestionMarksStandForCharacters(String pattern, String name, boolean matches) {
    assertEquals(matches, NamePattern.matches(pattern, name));
  }

  @Test
  void emptyNamesAreMatchedByStarsOnly() {
    assertTrue(NamePattern.matches("x|*", ""));
    assertEquals(false, NamePattern.matches("?|x", ""));
  }

  /** Regular expressions say the same of every pattern and name over a small alphabet. */
  @Test
  void agreesWithRegularExpressions() {
    Random random = new Random(3);
    int matched = 0;
    for (int i = 0; i < 20_000; i++) {
      String pattern = text(random, "ab.[*?|", 1 + random.nextInt(7));
      if (!pattern.matches("[^|]+([|][^|]+)*")) {
        assertThrows(TowerSyntaxException.class, () -> NamePattern.parse(pattern), pattern);
        continue;
      }
      String name = text(random, "ab.[", random.nextInt(5));
      boolean expected = Pattern.matches(expression(pattern), name);
      matched += expected ? 1 : 0;
      assertEquals(expected, NamePattern.matches(pattern, name), pattern + " of " + name);
      assertEquals(pattern, NamePattern.parse(pattern));
    }
    assertTrue(matched > 1000, matched + " matched");
  }

  private static String text(Random random, String alphabet, int length) {
    return random
        .ints(length, 0, alphabet.length())
        .mapToObj(at -> String.valueOf(alphabet.charAt(at)))
        .collect(Collectors.joining());
  }

  private static String expression(String pattern) {
    StringBuilder expression = new StringBuilder();
    for (char c : pattern.toCharArray()) {
      expression.append(
          switch (c) {
            case '*' -> ".*";
            case '?' -> ".";
            case '|' -> "|";
            default -> Pattern.quote(String.valueOf(c));
          });
    }
    return expression.toString();
  }

  /** Trying every star anew would take longer than anyone waits. */
  @Test
  void manyStarsAreNotTriedInAllWays() {
    assertEquals(false, NamePattern.matches("*a".repeat(40) + "*b", "a".repeat(2000)));
  }

  @Test
  void spacesBesideBarsAreLeftOut() {
    assertEquals("*.bias|*.gamma", NamePattern.parse(" *.bias | *.gamma "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'';0;a pattern of names, such as *.bias",
        "a|;2;unexpected end",
        "a||b;2;unexpected '|'",
        "a b;2;letters, digits and . _ - / [ ] * ?, or '|' and another pattern",
        "a:b;1;unexpected ':'",
        "@a;0;unexpected '@'"
      })
  void errorsPointAtTheCharacter(String text, int position, String part) {
    TowerSyntaxException e =
        assertThrows(TowerSyntaxException.class, () -> ParameterFilter.named(text));
    assertEquals(position, e.position(), e.getMessage());
    assertTrue(
        e.getMessage().startsWith("pattern: ") && e.getMessage().contains(part), e::getMessage);
  }
}

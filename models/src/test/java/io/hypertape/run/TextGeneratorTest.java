package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.data.Vocabulary;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TextGeneratorTest {

  private final Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));
  private final Vocabulary vocabulary = Vocabulary.of("abcdefgh 𝄞".codePoints());
  private final TextGenerator generator =
      new TextGenerator(
          session,
          CharLstm.create(session, new CharLstmSpec(vocabulary.size(), 8, 8, 2, 0), 3),
          vocabulary);

  @AfterEach
  void close() {
    session.close();
  }

  private String generate(String prompt, int length, double temperature, long seed) {
    StringBuilder text = new StringBuilder();
    generator.generate(prompt, length, temperature, seed, text::appendCodePoint);
    return text.toString();
  }

  @Test
  void equalSeedsGiveEqualTexts() {
    String text = generate("a", 300, 1, 5);
    assertEquals(300, text.codePointCount(0, text.length()));
    assertEquals(text, generate("a", 300, 1, 5), "the state begins anew");
    assertNotEquals(text, generate("a", 300, 1, 6));
    assertTrue(text.codePoints().allMatch(vocabulary::contains), text);
    assertFalse(text.contains("\uFFFD"), "the unknown is never written");
    // An untrained model is close to indifferent: every character comes up.
    assertEquals(vocabulary.size() - 1, text.codePoints().distinct().count());
    assertEquals("", generate("a", 0, 1, 5));
  }

  @Test
  void aPromptIsReadAsIfItHadBeenWritten() {
    String begun = generate("bad ", 20, 0, 1);
    assertEquals(begun.substring(4), generate("bad " + begun.substring(0, 4), 16, 0, 1));
    assertEquals(begun, generate("bad ", 20, 0, 99), "at temperature 0 nothing is drawn");
    assertEquals(begun, generate("bad ", 20, 1e-6, 1), "a low temperature is nearly 0");
  }

  @Test
  void whatIsUnknownIsNamed() {
    var e = assertThrows(IllegalArgumentException.class, () -> generate("axé", 5, 1, 1));
    assertEquals(
        "the prompt has 'x' (U+0078), which the model's text had not; known are  abcdefgh𝄞",
        e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> generate("", 5, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> generate("a", -1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> generate("a", 1, -1, 1));
    assertThrows(IllegalArgumentException.class, () -> generate("a", 1, Double.NaN, 1));
    CharLstm other = CharLstm.create(session, new CharLstmSpec(5, 8, 8, 2, 0), 3);
    assertThrows(
        IllegalArgumentException.class, () -> new TextGenerator(session, other, vocabulary));
  }
}

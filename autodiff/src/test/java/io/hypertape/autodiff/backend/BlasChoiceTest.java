package io.hypertape.autodiff.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("a property that sessions look at is set")
class BlasChoiceTest {

  @AfterEach
  void withoutProperty() {
    System.clearProperty(BlasChoice.PROPERTY);
  }

  @Test
  void textsAreWordsOrFiles() {
    assertSame(BlasChoice.OFF, BlasChoice.parse("off"));
    assertSame(BlasChoice.AUTO, BlasChoice.parse(" Auto"));
    assertEquals(BlasChoice.of(Path.of("lib/libx.so")), BlasChoice.parse("lib/libx.so"));
    assertEquals(Path.of("libx.so").toAbsolutePath().toString(), "" + BlasChoice.parse("libx.so"));
  }

  @Test
  void aTextReadsBackAsWhatItIsOf() {
    for (BlasChoice choice :
        new BlasChoice[] {BlasChoice.OFF, BlasChoice.AUTO, BlasChoice.of(Path.of("libx.so"))}) {
      assertEquals(choice, BlasChoice.parse(choice.toString()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\0"})
  void othersAreRefused(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> BlasChoice.parse(text)).getMessage();
    assertTrue(message.endsWith("off, auto and a library's file fit"), message);
  }

  @Test
  void thePropertySaysWhatTheDefaultIs() {
    assertSame(BlasChoice.OFF, BlasChoice.DEFAULT.resolved());
    System.setProperty(BlasChoice.PROPERTY, "auto");
    assertSame(BlasChoice.AUTO, BlasChoice.DEFAULT.resolved());
    System.setProperty(BlasChoice.PROPERTY, "/lib/libx.so");
    assertEquals(BlasChoice.of(Path.of("/lib/libx.so")), BlasChoice.DEFAULT.resolved());
    assertSame(BlasChoice.OFF, BlasChoice.OFF.resolved());
  }
}

package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.testing.SharedFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextCorpusTest {

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("text");
  }

  private static String text(TextCorpus corpus, char[] symbols) {
    StringBuilder text = new StringBuilder();
    for (char symbol : symbols) {
      text.appendCodePoint(corpus.vocabulary().codePoint(symbol));
    }
    return text.toString();
  }

  private String refused(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    String message =
        assertThrows(InvalidDataException.class, () -> TextCorpus.load(file)).getMessage();
    assertTrue(message.startsWith(file + ": "), message);
    return message;
  }

  @Test
  void partsFollowEachOther() throws IOException {
    String text = "äb𝄞c\r\nabcdefgxäz€";
    assertEquals(17, text.codePointCount(0, text.length()));
    text += "aabqa\nbx";
    for (byte[] stored :
        new byte[][] {
          text.getBytes(StandardCharsets.UTF_8),
          IdxTest.gzip(text.getBytes(StandardCharsets.UTF_8)),
          ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8)
        }) {
      Files.write(file, stored);
      TextCorpus corpus = TextCorpus.load(file);
      assertEquals("text", corpus.name());
      assertEquals("äb𝄞c\r\nabcdefgxäz€aab", text(corpus, corpus.train()));
      // q is not in the training part.
      assertEquals("\uFFFDa", text(corpus, corpus.valid()));
      assertEquals("\nbx", text(corpus, corpus.test()));
      assertEquals("\n\rabcdefgxzä€\uFFFD𝄞", corpus.vocabulary().characters());
    }
  }

  @Test
  void aModelsVocabularyIsKept() throws IOException {
    Files.writeString(file, "abc".repeat(10));
    Vocabulary vocabulary = Vocabulary.of("ab".codePoints());
    TextCorpus corpus = TextCorpus.load(file, vocabulary);
    assertEquals(vocabulary, corpus.vocabulary());
    assertEquals("ab\uFFFDab\uFFFD", text(corpus, corpus.train()).substring(0, 6));
  }

  @Test
  void whatIsNoUtf8IsPointedAt() throws IOException {
    byte[] latin = "erste Zeile\nzweite für alle".getBytes(StandardCharsets.ISO_8859_1);
    assertTrue(refused(latin).contains("not UTF-8: byte 0xfc at offset 20 (line 2)"));
    byte[] cut = ("x".repeat(30) + "€").getBytes(StandardCharsets.UTF_8);
    assertTrue(refused(Arrays.copyOf(cut, 32)).contains("not UTF-8: byte 0xe2 at offset 30"));
    byte[] utf16 = "hello, world, how are you".getBytes(StandardCharsets.UTF_16);
    assertTrue(refused(utf16).contains("not UTF-8: byte 0xfe at offset 0 (line 1)"));
    byte[] overlong = ("x".repeat(30) + "??").getBytes(StandardCharsets.UTF_8);
    overlong[30] = (byte) 0xC0;
    overlong[31] = (byte) 0x80;
    assertTrue(refused(overlong).contains("byte 0xc0"));
  }

  @Test
  void shortDamagedAndMissingFiles() throws IOException {
    assertTrue(refused(new byte[0]).contains("0 characters; at least 20 are needed"));
    assertTrue(refused("äöü".getBytes(StandardCharsets.UTF_8)).contains("3 characters"));
    byte[] zipped = IdxTest.gzip("abc".repeat(100).getBytes(StandardCharsets.UTF_8));
    assertTrue(refused(Arrays.copyOf(zipped, zipped.length - 9)).contains("damaged gzip"));
    var e = assertThrows(InvalidDataException.class, () -> TextCorpus.load(folder));
    assertTrue(e.getMessage().contains("a folder; a text file is expected"), e.getMessage());
  }

  @Test
  void vocabulariesAreReadBack() {
    Vocabulary vocabulary = Vocabulary.of("hello, wörld 𝄞\n".codePoints());
    assertEquals(vocabulary, Vocabulary.ofCharacters(vocabulary.characters()));
    assertTrue(vocabulary.contains('ö'));
    assertFalse(vocabulary.contains('x'));
    assertEquals(vocabulary.index(0xFFFD), vocabulary.index('x'));
    for (int i = 0; i < vocabulary.size(); i++) {
      assertEquals(i, vocabulary.index(vocabulary.codePoint(i)));
    }
    for (String bad : new String[] {"", "ab", "ba\uFFFD", "aab\uFFFD"}) {
      assertThrows(IllegalArgumentException.class, () -> Vocabulary.ofCharacters(bad), bad);
    }
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> Vocabulary.of(IntStream.range(0, 70_000)));
    assertTrue(e.getMessage().contains("70000 different characters; at most 65536"));
  }

  @Test
  void warAndPeace() throws IOException {
    TextCorpus corpus = TextCorpus.load(SharedFolder.require("data/text/warpeace_input.txt"));
    int all = corpus.train().length + corpus.valid().length + corpus.test().length;
    assertEquals(all * 8L / 10, corpus.train().length);
    assertEquals(all / 10.0, corpus.test().length, 1);
    assertTrue(text(corpus, corpus.train()).startsWith("\"Well, Prince, so Genoa and Lucca"));
    assertTrue(corpus.vocabulary().size() > 70 && corpus.vocabulary().size() < 90);
    TextCorpus other = TextCorpus.load(SharedFolder.require("data/text/warpeace.txt.gz"));
    assertFalse(other.vocabulary().contains('\r'));
    String withoutCr = text(corpus, corpus.train()).replace("\r", "").substring(0, 100_000);
    assertTrue(text(other, other.train()).startsWith(withoutCr), "the same book");
  }
}

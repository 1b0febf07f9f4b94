package io.hypertape.data;

import io.hypertape.checks.Nulls;
import io.hypertape.io.guard.HeapRoom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A text in three parts by position: the first 80 % to learn from, then 10 % to tune by and 10 % to
 * judge by. The vocabulary is that of the first part; other characters of the others count as
 * U+FFFD.
 */
public final class TextCorpus {

  /** Characters without which no part has a character and one that follows it. */
  private static final int SHORTEST = 20;

  private final String name;
  private final Vocabulary vocabulary;
  private final char[] train;
  private final char[] valid;
  private final char[] test;

  private TextCorpus(String name, Vocabulary vocabulary, int[] text) {
    this.name = name;
    this.vocabulary = vocabulary;
    this.train = vocabulary.encode(text, 0, trainEnd(text));
    this.valid = vocabulary.encode(text, trainEnd(text), validEnd(text));
    this.test = vocabulary.encode(text, validEnd(text), text.length);
  }

  private static int trainEnd(int[] text) {
    return (int) (text.length * 8L / 10);
  }

  private static int validEnd(int[] text) {
    return (int) (text.length * 9L / 10);
  }

  /**
   * Reads a text.
   *
   * @param file UTF-8, compressed with gzip or not; a byte order mark is no part of the text
   * @return the text, with a vocabulary of its own
   * @throws InvalidDataException if it is no UTF-8, too short or too long
   * @throws IOException if it cannot be read
   */
  public static TextCorpus load(Path file) throws IOException {
    Nulls.check(file, "text: file");
    int[] text = read(file);
    try {
      return new TextCorpus(
          name(file), Vocabulary.of(Arrays.stream(text, 0, trainEnd(text))), text);
    } catch (IllegalArgumentException e) {
      throw new InvalidDataException(file + ": " + e.getMessage());
    }
  }

  /**
   * Reads a text for a model that has a vocabulary.
   *
   * @param file UTF-8, compressed with gzip or not; a byte order mark is no part of the text
   * @param vocabulary the model's
   * @return the text in that vocabulary
   * @throws InvalidDataException if it is no UTF-8, too short or too long
   * @throws IOException if it cannot be read
   */
  public static TextCorpus load(Path file, Vocabulary vocabulary) throws IOException {
    Nulls.check(file, "text: file");
    Nulls.check(vocabulary, "text: vocabulary");
    return new TextCorpus(name(file), vocabulary, read(file));
  }

  /**
   * A text that is there already.
   *
   * @param name what it is called
   * @param text its characters
   * @return the text, with a vocabulary of its own
   * @throws IllegalArgumentException if it is too short, or has too many different characters
   */
  public static TextCorpus of(String name, String text) {
    Nulls.check(name, "text: name");
    Nulls.check(text, "text: text");
    int[] characters = text.codePoints().toArray();
    if (characters.length < SHORTEST) {
      throw new IllegalArgumentException(
          name + ": " + characters.length + " characters; at least " + SHORTEST + " are needed");
    }
    return new TextCorpus(
        name, Vocabulary.of(Arrays.stream(characters, 0, trainEnd(characters))), characters);
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static int[] read(Path file) throws IOException {
    int[] text = Utf8.read(file, HeapRoom.ofJvm());
    if (text.length < SHORTEST) {
      throw new InvalidDataException(
          file + ": " + text.length + " characters; at least " + SHORTEST + " are needed");
    }
    return text;
  }

  /**
   * Name of the text.
   *
   * @return that of its file
   */
  public String name() {
    return name;
  }

  /**
   * Its characters.
   *
   * @return the vocabulary
   */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /**
   * What to learn from.
   *
   * @return a copy of its numbers of characters
   */
  public char[] train() {
    return train.clone();
  }

  /**
   * What to choose a model by.
   *
   * @return a copy of its numbers of characters
   */
  public char[] valid() {
    return valid.clone();
  }

  /**
   * What to judge by.
   *
   * @return a copy of its numbers of characters
   */
  public char[] test() {
    return test.clone();
  }
}

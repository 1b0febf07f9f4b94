package io.hypertape.data;

import io.hypertape.checks.Nulls;
import io.hypertape.checks.Places;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Characters (Unicode code points) and their numbers, in ascending order. U+FFFD, the replacement
 * character, is always one of them and stands for all that are unknown.
 */
public final class Vocabulary {

  /** Stands for characters that are not in the vocabulary. */
  public static final int UNKNOWN = 0xFFFD;

  /** Characters that fit; Unicode has some 150,000, but no text uses as many. */
  public static final int MAX_SIZE = 1 << 16;

  private final int[] codePoints;

  private Vocabulary(int[] codePoints) {
    this.codePoints = codePoints;
  }

  /**
   * The characters of a text, and the one for the unknown.
   *
   * @param text code points
   * @return its vocabulary
   * @throws IllegalArgumentException if there are too many
   */
  public static Vocabulary of(IntStream text) {
    Nulls.check(text, "vocabulary: text");
    int[] sorted = IntStream.concat(text, IntStream.of(UNKNOWN)).distinct().sorted().toArray();
    if (sorted.length > MAX_SIZE) {
      throw new IllegalArgumentException(
          sorted.length + " different characters; at most " + MAX_SIZE + " fit");
    }
    return new Vocabulary(sorted);
  }

  /**
   * Reads back what {@link #characters} gave.
   *
   * @param characters each once, in ascending order of code points, U+FFFD among them
   * @return the vocabulary
   * @throws IllegalArgumentException if they are not so
   */
  public static Vocabulary ofCharacters(String characters) {
    Nulls.check(characters, "vocabulary: characters");
    Vocabulary read = of(characters.codePoints());
    if (!read.characters().equals(characters)) {
      throw new IllegalArgumentException(
          "a vocabulary has each character once, in ascending order, and U+FFFD for the unknown");
    }
    return read;
  }

  /**
   * All characters.
   *
   * @return in the order of their numbers
   */
  public String characters() {
    return new String(codePoints, 0, codePoints.length);
  }

  /**
   * Number of characters.
   *
   * @return at least 1
   */
  public int size() {
    return codePoints.length;
  }

  /**
   * Whether a character is known.
   *
   * @param codePoint the character
   * @return true if it has a number of its own
   */
  public boolean contains(int codePoint) {
    return Arrays.binarySearch(codePoints, codePoint) >= 0;
  }

  /**
   * A character's number.
   *
   * @param codePoint the character
   * @return 0 to size − 1; that of U+FFFD if the character is unknown
   */
  public int index(int codePoint) {
    int at = Arrays.binarySearch(codePoints, codePoint);
    return at >= 0 ? at : Arrays.binarySearch(codePoints, UNKNOWN);
  }

  /**
   * The character of a number.
   *
   * @param index 0 to size − 1
   * @return the code point
   * @throws IndexOutOfBoundsException if there is no such number
   */
  public int codePoint(int index) {
    return codePoints[Places.check("vocabulary: character", index, codePoints.length)];
  }

  /** Numbers of a text's characters, U+FFFD's for the unknown. */
  char[] encode(int[] text, int from, int to) {
    char[] symbols = new char[to - from];
    for (int i = from; i < to; i++) {
      symbols[i - from] = (char) index(text[i]);
    }
    return symbols;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Vocabulary v && Arrays.equals(codePoints, v.codePoints);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(codePoints);
  }

  @Override
  public String toString() {
    return size() + " characters";
  }
}

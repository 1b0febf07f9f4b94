package io.hypertape.data.table;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Different texts, numbered from 0 in the order in which they came. They lie in blocks of bytes: a
 * column of hundreds of thousands of names takes their letters and eight bytes each, where strings
 * and a map of them take a hundred more.
 */
final class TextPool {

  /** Log₂ of a block's texts. */
  private static final int SHIFT = 10;

  private static final int BLOCK = 1 << SHIFT;
  private static final int FIRST = 64;
  private static final int LATIN = 0xff;

  private final List<Block> blocks = new ArrayList<>();
  private int size;

  // Where texts are found by their hashes while they are gathered: numbers, less 1.
  private int[] places = new int[2 * FIRST];
  private int[] hashes = new int[FIRST];
  // Nobody who writes a file knows which texts fall together.
  private final int seed = ThreadLocalRandom.current().nextInt();

  /** Texts one behind the other: a byte a letter where all letters of a text are Latin-1's. */
  private static final class Block {
    private byte[] bytes = new byte[FIRST * FIRST];
    // Where texts end; the complement of it where letters have two bytes.
    private int[] ends = new int[FIRST];
    private int count;

    int begin(int i) {
      return i == 0 ? 0 : end(i - 1);
    }

    int end(int i) {
      int end = ends[i];
      return end < 0 ? ~end : end;
    }

    boolean isWide(int i) {
      return ends[i] < 0;
    }

    void add(String text) {
      boolean wide = !isLatin(text);
      byte[] letters = wide ? wide(text) : text.getBytes(StandardCharsets.ISO_8859_1);
      int from = begin(count);
      int to = Math.addExact(from, letters.length);
      if (to > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(to, (int) Math.min(2L * to, Integer.MAX_VALUE - 8)));
      }
      System.arraycopy(letters, 0, bytes, from, letters.length);
      if (count == ends.length) {
        ends = Arrays.copyOf(ends, 2 * count);
      }
      ends[count++] = wide ? ~to : to;
    }

    /** Two bytes a letter, as it is: a charset would replace what is half of one. */
    private static byte[] wide(String text) {
      byte[] letters = new byte[2 * text.length()];
      for (int i = 0; i < text.length(); i++) {
        letters[2 * i] = (byte) (text.charAt(i) >> 8);
        letters[2 * i + 1] = (byte) text.charAt(i);
      }
      return letters;
    }

    String get(int i) {
      int from = begin(i);
      int length = end(i) - from;
      if (!isWide(i)) {
        return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
      }
      char[] letters = new char[length / 2];
      for (int k = 0; k < letters.length; k++) {
        letters[k] = letter(from, k);
      }
      return new String(letters);
    }

    private char letter(int from, int k) {
      return (char) (bytes[from + 2 * k] << 8 | bytes[from + 2 * k + 1] & LATIN);
    }

    boolean is(int i, String text) {
      int from = begin(i);
      int length = text.length();
      boolean wide = isWide(i);
      if (end(i) - from != (wide ? 2 * length : length)) {
        return false;
      }
      for (int k = 0; k < length; k++) {
        char letter = wide ? letter(from, k) : (char) (bytes[from + k] & LATIN);
        if (letter != text.charAt(k)) {
          return false;
        }
      }
      return true;
    }

    void trim() {
      bytes = Arrays.copyOf(bytes, begin(count));
      ends = Arrays.copyOf(ends, count);
    }

    private static boolean isLatin(String text) {
      for (int i = 0; i < text.length(); i++) {
        if (text.charAt(i) > LATIN) {
          return false;
        }
      }
      return true;
    }
  }

  int size() {
    return size;
  }

  /** The text of a number. */
  String get(int number) {
    return blocks.get(number >> SHIFT).get(number & BLOCK - 1);
  }

  /** The number of a text; −1 if it is not there. */
  int find(String text) {
    int place = place(text, hash(text));
    return places[place] - 1;
  }

  /** Adds a text that is not there; its number. */
  int add(String text) {
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * size);
      places = new int[4 * size];
      for (int i = 0; i < size; i++) {
        int place = hashes[i] & places.length - 1;
        while (places[place] != 0) {
          place = place + 1 & places.length - 1;
        }
        places[place] = i + 1;
      }
    }
    if ((size & BLOCK - 1) == 0) {
      if (size > 0) {
        blocks.getLast().trim();
      }
      blocks.add(new Block());
    }
    int hash = hash(text);
    places[place(text, hash)] = size + 1;
    hashes[size] = hash;
    blocks.getLast().add(text);
    return size++;
  }

  /** Where a text's number stands, or is to stand. */
  private int place(String text, int hash) {
    int place = hash & places.length - 1;
    while (places[place] != 0) {
      int number = places[place] - 1;
      if (hashes[number] == hash && blocks.get(number >> SHIFT).is(number & BLOCK - 1, text)) {
        return place;
      }
      place = place + 1 & places.length - 1;
    }
    return place;
  }

  private int hash(String text) {
    long hash = seed;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    return (int) (hash ^ hash >>> 32);
  }

  /** No text is looked for or added any more. */
  void seal() {
    places = new int[0];
    hashes = new int[0];
    if (!blocks.isEmpty()) {
      blocks.getLast().trim();
    }
  }

  /** Forgets all texts. */
  void clear() {
    blocks.clear();
    size = 0;
    places = new int[2 * FIRST];
    hashes = new int[FIRST];
  }
}

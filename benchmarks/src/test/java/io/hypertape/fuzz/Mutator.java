package io.hypertape.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Changes inputs at random, as AFL's havoc does; the same seed gives the same inputs. */
final class Mutator {

  private static final int LONGEST = 1 << 16;
  private static final int MOST_CHANGES = 8;
  private static final int LONGEST_PIECE = 64;

  /** Numbers near which programs go wrong. */
  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    7,
    8,
    16,
    127,
    128,
    255,
    256,
    4095,
    4096,
    32767,
    32768,
    65535,
    65536,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xFFFFFFFFL,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    100_000_000
  };

  private static final String[] WORDS = {
    "0",
    "-1",
    "1e308",
    "-1e-320",
    "NaN",
    "Infinity",
    "null",
    "true",
    "[]",
    "{}",
    "\"\"",
    "[[[[",
    "{\"a\":",
    "18446744073709551616",
    "9223372036854775807",
    "2147483648",
    "\\u0000",
    "\\ud800",
    "\u00e9",
    "\ufffd",
    "\ufeff",
    "\n",
    "\r\n",
    "\t",
    " ",
    ",",
    ":",
    "/",
    "(",
    ")",
    "^",
    "=",
    "%s",
    "../",
    "\0"
  };

  private final SplittableRandom random;
  private final List<byte[]> seeds;

  Mutator(long seed, List<byte[]> seeds) {
    this.random = new SplittableRandom(seed);
    this.seeds = new ArrayList<>(seeds);
    this.seeds.add(new byte[0]);
  }

  byte[] next() {
    byte[] input = pick(seeds);
    int changes = 1 + random.nextInt(MOST_CHANGES);
    for (int i = 0; i < changes; i++) {
      input = changed(input);
    }
    return input.length > LONGEST ? Arrays.copyOf(input, LONGEST) : input;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private byte[] changed(byte[] input) {
    int length = input.length;
    if (length == 0) {
      return word();
    }
    int place = random.nextInt(length);
    int piece = 1 + random.nextInt(Math.min(LONGEST_PIECE, length));
    return switch (random.nextInt(9)) {
      case 0 -> with(input, place, (byte) (input[place] ^ 1 << random.nextInt(8)));
      case 1 -> with(input, place, (byte) random.nextInt(256));
      case 2 -> replaced(input, place, 0, word());
      case 3 -> replaced(input, place, Math.min(piece, length - place), new byte[0]);
      case 4 -> replaced(input, place, 0, piece(input, piece));
      case 5 -> replaced(input, place, Math.min(piece, length - place), piece(pick(seeds), piece));
      case 6 -> number(input, place);
      case 7 -> digits(input, place);
      default -> Arrays.copyOf(input, place);
    };
  }

  private byte[] word() {
    return WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] with(byte[] input, int place, byte value) {
    byte[] copy = input.clone();
    copy[place] = value;
    return copy;
  }

  private byte[] piece(byte[] from, int length) {
    if (from.length == 0) {
      return word();
    }
    int begin = random.nextInt(from.length);
    return Arrays.copyOfRange(from, begin, Math.min(from.length, begin + length));
  }

  private static byte[] replaced(byte[] input, int place, int removed, byte[] by) {
    byte[] out = new byte[input.length - removed + by.length];
    System.arraycopy(input, 0, out, 0, place);
    System.arraycopy(by, 0, out, place, by.length);
    System.arraycopy(
        input, place + removed, out, place + by.length, input.length - place - removed);
    return out;
  }

  /** A number of one to eight bytes, in either order of bytes. */
  private byte[] number(byte[] input, int place) {
    long value = NUMBERS[random.nextInt(NUMBERS.length)];
    int size = 1 << random.nextInt(4);
    boolean bigEndian = random.nextBoolean();
    byte[] copy = input.clone();
    for (int k = 0; k < size && place + k < copy.length; k++) {
      copy[place + k] = (byte) (value >> 8 * (bigEndian ? size - 1 - k : k));
    }
    return copy;
  }

  /** Another decimal number in the place of one that begins there or later. */
  private byte[] digits(byte[] input, int place) {
    int begin = place;
    while (begin < input.length && !Character.isDigit(input[begin])) {
      begin++;
    }
    int end = begin;
    while (end < input.length && Character.isDigit(input[end])) {
      end++;
    }
    String other = Long.toString(NUMBERS[random.nextInt(NUMBERS.length)]);
    return replaced(input, begin, end - begin, other.getBytes(StandardCharsets.ISO_8859_1));
  }
}

package io.hypertape.io;

import java.nio.ByteBuffer;

/**
 * Turns the bytes of a tensor into numbers. Every method takes a part that begins with a whole one.
 */
final class StoredNumbers {

  private static final double TWO_64 = 0x1p64;

  private StoredNumbers() {}

  /**
   * The nearest numbers of single precision.
   *
   * @return how many were not that number before
   */
  static long toFloats(StoredType type, ByteBuffer from, float[] to, int at, int n) {
    switch (type) {
      case F32, C64 -> from.asFloatBuffer().get(to, at, n);
      case F16 -> {
        for (int i = 0; i < n; i++) {
          to[at + i] = Float.float16ToFloat(from.getShort());
        }
      }
      case BF16 -> {
        for (int i = 0; i < n; i++) {
          to[at + i] = Float.intBitsToFloat(from.getShort() << 16);
        }
      }
      case I32, U32, I64, U64 -> {
        return wholesToFloats(type, from, to, at, n);
      }
      case F64 -> {
        return doublesToFloats(from, to, at, n);
      }
      default -> small(type, from, to, at, n);
    }
    return 0;
  }

  private static long doublesToFloats(ByteBuffer from, float[] to, int at, int n) {
    long rounded = 0;
    for (int i = 0; i < n; i++) {
      double value = from.getDouble();
      to[at + i] = (float) value;
      rounded += to[at + i] == value || Double.isNaN(value) ? 0 : 1;
    }
    return rounded;
  }

  private static long wholesToFloats(StoredType type, ByteBuffer from, float[] to, int at, int n) {
    long rounded = 0;
    for (int i = 0; i < n; i++) {
      long value = whole(type, from);
      boolean large = type == StoredType.U64 && value < 0;
      // Above 2^63 the last bit is kept as "some", so that halving does not change the rounding.
      to[at + i] = large ? (float) (value >>> 1 | value & 1) * 2 : (float) value;
      rounded += isWhole(value, large, to[at + i]) ? 0 : 1;
    }
    return rounded;
  }

  /** Whether a floating-point number is a whole one, exactly. */
  private static boolean isWhole(long value, boolean large, double nearest) {
    if (large) {
      // At 2^64 and above no long is meant; below, what 2^63 is taken from fits a long.
      return nearest < TWO_64 && (long) (nearest - 0x1p63) == (value & Long.MAX_VALUE);
    }
    return nearest < 0x1p63 && (long) nearest == value;
  }

  /**
   * The nearest numbers of double precision; only whole ones above 2⁵³ can be others than before.
   *
   * @return how many are
   */
  static long toDoubles(StoredType type, ByteBuffer from, double[] to, int at, int n) {
    if (type == StoredType.F64) {
      from.asDoubleBuffer().get(to, at, n);
      return 0;
    }
    if (type.fitsFloat()) {
      float[] narrow = new float[n];
      toFloats(type, from, narrow, 0, n);
      for (int i = 0; i < n; i++) {
        to[at + i] = narrow[i];
      }
      return 0;
    }
    long rounded = 0;
    for (int i = 0; i < n; i++) {
      long value = whole(type, from);
      boolean large = type == StoredType.U64 && value < 0;
      to[at + i] = large ? (double) (value >>> 1 | value & 1) * 2 : (double) value;
      rounded += isWhole(value, large, to[at + i]) ? 0 : 1;
    }
    return rounded;
  }

  /** A whole number; of U64 its bits. */
  static long whole(StoredType type, ByteBuffer from) {
    return switch (type) {
      case BOOL -> from.get() == 0 ? 0 : 1;
      case I8 -> from.get();
      case U8 -> from.get() & 0xFF;
      case I16 -> from.getShort();
      case U16 -> from.getShort() & 0xFFFF;
      case I32 -> from.getInt();
      case U32 -> from.getInt() & 0xFFFF_FFFFL;
      case I64, U64 -> from.getLong();
      default -> throw new IllegalArgumentException(type + " is no type of whole numbers");
    };
  }

  private static void small(StoredType type, ByteBuffer from, float[] to, int at, int n) {
    float[] table =
        switch (type) {
          case F8_E5M2 -> SmallFloats.E5M2;
          case F8_E4M3 -> SmallFloats.E4M3;
          case F8_E8M0 -> SmallFloats.E8M0;
          case F8_E4M3FNUZ -> SmallFloats.E4M3_FNUZ;
          case F8_E5M2FNUZ -> SmallFloats.E5M2_FNUZ;
          case F4 -> SmallFloats.F4;
          default -> new float[0];
        };
    if (type == StoredType.F4) {
      for (int i = 0; i < n; i += 2) {
        int pair = from.get();
        to[at + i] = table[pair & 0xF];
        to[at + i + 1] = table[pair >> 4 & 0xF];
      }
      return;
    }
    for (int i = 0; i < n; i++) {
      to[at + i] = table.length > 0 ? table[from.get() & 0xFF] : whole(type, from);
    }
  }
}

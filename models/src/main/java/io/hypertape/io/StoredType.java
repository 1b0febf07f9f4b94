package io.hypertape.io;

/**
 * How a safetensors file stores a number, as its {@code dtype} says. Numbers are little-endian.
 *
 * @see <a href="https://github.com/huggingface/safetensors">the format's own implementation, whose
 *     names these are</a>
 */
public enum StoredType {
  /** A byte that is 0 for false; read as 0 and 1. */
  BOOL(8),
  /** Two numbers a byte, the first in the lower half: sign, 2 bits of exponent, 1 of mantissa. */
  F4(4),
  /** Six bits; how they are packed is nowhere laid down, so that numbers are not read. */
  F6_E2M3(6),
  /** Six bits; how they are packed is nowhere laid down, so that numbers are not read. */
  F6_E3M2(6),
  /** Unsigned byte. */
  U8(8),
  /** Signed byte. */
  I8(8),
  /** 5 bits of exponent, 2 of mantissa, with infinities as in IEEE 754. */
  F8_E5M2(8),
  /** 4 bits of exponent, 3 of mantissa, no infinities (PyTorch's float8_e4m3fn). */
  F8_E4M3(8),
  /** A power of two from 2⁻¹²⁷ to 2¹²⁷; 255 is NaN. */
  F8_E8M0(8),
  /** 4 bits of exponent, 3 of mantissa, one NaN and one zero (PyTorch's float8_e4m3fnuz). */
  F8_E4M3FNUZ(8),
  /** 5 bits of exponent, 2 of mantissa, one NaN and one zero (PyTorch's float8_e5m2fnuz). */
  F8_E5M2FNUZ(8),
  /** Signed 16 bits. */
  I16(16),
  /** Unsigned 16 bits. */
  U16(16),
  /** IEEE 754's half precision. */
  F16(16),
  /** The upper half of single precision (bfloat16). */
  BF16(16),
  /** Signed 32 bits. */
  I32(32),
  /** Unsigned 32 bits. */
  U32(32),
  /** Single precision. */
  F32(32),
  /** A real and an imaginary part in single precision; read with a last axis of these two. */
  C64(64),
  /** Double precision. */
  F64(64),
  /** Signed 64 bits. */
  I64(64),
  /** Unsigned 64 bits. */
  U64(64);

  private final int bits;

  StoredType(int bits) {
    this.bits = bits;
  }

  /**
   * Size of an element.
   *
   * @return in bits; four for two numbers a byte
   */
  public int bits() {
    return bits;
  }

  /**
   * Whether elements are whole numbers, or true and false.
   *
   * @return whether {@link SafetensorsFile#longs} reads them
   */
  public boolean isInteger() {
    return switch (this) {
      case BOOL, U8, I8, I16, U16, I32, U32, I64, U64 -> true;
      default -> false;
    };
  }

  /**
   * Whether single precision holds every number of this type.
   *
   * @return false for F64, I32, U32, I64 and U64
   */
  public boolean fitsFloat() {
    return switch (this) {
      case F64, I32, U32, I64, U64 -> false;
      default -> true;
    };
  }
}

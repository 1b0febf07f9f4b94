package io.hypertape.tensor;

/** Type of the elements of a tensor. */
public enum DType {
  /** IEEE 754 binary32. */
  F32(4),
  /** IEEE 754 binary64. */
  F64(8),
  /** 32-bit two's complement integers: class labels and other indices, never differentiated. */
  I32(4);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /**
   * Size of one element.
   *
   * @return bytes an element
   */
  public int bytes() {
    return bytes;
  }
}

package io.hypertape.io.onnx;

/** Types of a tensor's elements, by the numbers that ONNX gives them (TensorProto.DataType). */
enum ElementType {
  FLOAT(1, 4),
  UINT8(2, 1),
  INT8(3, 1),
  UINT16(4, 2),
  INT16(5, 2),
  INT32(6, 4),
  INT64(7, 8),
  BOOL(9, 1),
  FLOAT16(10, 2),
  DOUBLE(11, 8),
  UINT32(12, 4),
  BFLOAT16(16, 2);

  private final int number;
  private final int bytes;

  ElementType(int number, int bytes) {
    this.number = number;
    this.bytes = bytes;
  }

  int number() {
    return number;
  }

  /** Bytes of an element. */
  int bytes() {
    return bytes;
  }

  /** Whether it is computed with; all others are whole numbers, or true and false. */
  boolean isFloating() {
    return this == FLOAT || this == DOUBLE || this == FLOAT16 || this == BFLOAT16;
  }

  /**
   * The type of a number.
   *
   * @param what has it, for an error
   */
  static ElementType of(long number, String what) throws OnnxException {
    for (ElementType type : values()) {
      if (type.number == number) {
        return type;
      }
    }
    throw new OnnxException(
        what
            + " has elements of ONNX's type "
            + number
            + ", which is not read; float, double, float16, bfloat16 and whole numbers of 8 to 64"
            + " bits are");
  }
}

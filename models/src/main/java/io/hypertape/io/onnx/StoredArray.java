package io.hypertape.io.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor of a file, whose elements are in one of three forms.
 *
 * @param name empty if it has none
 * @param type of its elements
 * @param shape lengths of the axes, whose elements fit an array
 * @param bytes of all elements, little-endian
 * @param wholes whole numbers; of float16 and bfloat16 the bits
 * @param numbers floating-point ones
 */
record StoredArray(
    String name, ElementType type, int[] shape, ByteBuffer bytes, long[] wholes, double[] numbers) {

  /** How many elements a shape has; an error if an array cannot have them. */
  static int size(String what, int[] shape) throws OnnxException {
    long size = 1;
    for (int length : shape) {
      size *= length;
      if (size > Integer.MAX_VALUE - 8) {
        throw new OnnxException(
            what + " of shape " + Arrays.toString(shape) + " is too large to hold in an array");
      }
    }
    return (int) size;
  }

  int size() {
    return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }

  /** The elements in double precision. */
  double[] toDoubles() {
    double[] values = new double[size()];
    ByteBuffer from = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      if (numbers.length > 0) {
        values[i] = numbers[i];
      } else {
        values[i] = wholes.length > 0 ? ofBits(wholes[i]) : number(from);
      }
    }
    return values;
  }

  /** The elements in single precision: the nearest. */
  float[] toFloats() {
    float[] values = new float[size()];
    if (type == ElementType.FLOAT && bytes.hasRemaining()) {
      bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      return values;
    }
    double[] wide = toDoubles();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) wide[i];
    }
    return values;
  }

  /** The elements of a type of whole numbers. */
  long[] toLongs() {
    if (wholes.length > 0) {
      return wholes.clone();
    }
    long[] values = new long[size()];
    ByteBuffer from = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      values[i] = whole(from);
    }
    return values;
  }

  private double ofBits(long stored) {
    return switch (type) {
      case FLOAT16 -> Float.float16ToFloat((short) stored);
      case BFLOAT16 -> Float.intBitsToFloat((int) stored << 16);
      default -> stored;
    };
  }

  private double number(ByteBuffer from) {
    return switch (type) {
      case FLOAT -> from.getFloat();
      case DOUBLE -> from.getDouble();
      case FLOAT16, BFLOAT16 -> ofBits(from.getShort());
      default -> whole(from);
    };
  }

  private long whole(ByteBuffer from) {
    return switch (type) {
      case BOOL -> from.get() == 0 ? 0 : 1;
      case INT8 -> from.get();
      case UINT8 -> from.get() & 0xFF;
      case INT16 -> from.getShort();
      case UINT16 -> from.getShort() & 0xFFFF;
      case INT32 -> from.getInt();
      case UINT32 -> from.getInt() & 0xFFFF_FFFFL;
      default -> from.getLong();
    };
  }
}

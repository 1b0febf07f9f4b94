package io.hypertape.io.proto;

import io.hypertape.checks.Nulls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message in the encoding of Protocol Buffers. Large arrays are not copied: they are turned into
 * bytes as they are written.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>
 */
public final class ProtoWriter {

  /** Kind of a field that is a whole number. */
  public static final int VARINT = 0;

  /** Kind of a field of eight bytes. */
  public static final int FIXED64 = 1;

  /** Kind of a field of bytes, a text or a message. */
  public static final int BYTES = 2;

  /** Kind of a field of four bytes. */
  public static final int FIXED32 = 5;

  private static final int CHUNK = 1 << 16;

  /** Something that is written in its turn. */
  private interface Part {
    void writeTo(OutputStream out) throws IOException;
  }

  private final List<Part> parts = new ArrayList<>();
  private ByteArrayOutputStream small = new ByteArrayOutputStream();
  private long size;

  /** A message without any field. */
  public ProtoWriter() {}

  /**
   * How long the message is.
   *
   * @return bytes
   */
  public long size() {
    return size;
  }

  /**
   * A whole number.
   *
   * @param field its number
   * @param value the number
   * @return this
   */
  public ProtoWriter integer(int field, long value) {
    tag(field, VARINT);
    varint(value);
    return this;
  }

  /**
   * A number of float32.
   *
   * @param field its number
   * @param value the number
   * @return this
   */
  public ProtoWriter single(int field, float value) {
    tag(field, FIXED32);
    fixed(Float.floatToRawIntBits(value), Float.SIZE);
    return this;
  }

  /**
   * A number of float64.
   *
   * @param field its number
   * @param value the number
   * @return this
   */
  public ProtoWriter real(int field, double value) {
    tag(field, FIXED64);
    fixed(Double.doubleToRawLongBits(value), Long.SIZE);
    return this;
  }

  /**
   * Bytes.
   *
   * @param field its number
   * @param value the bytes
   * @return this
   */
  public ProtoWriter bytes(int field, byte[] value) {
    tag(field, BYTES);
    varint(value.length);
    small.writeBytes(value);
    size += value.length;
    return this;
  }

  /**
   * A text.
   *
   * @param field its number
   * @param value the text
   * @return this
   */
  public ProtoWriter text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A field of numbers in one piece, as packed fields and bytes of numbers are.
   *
   * @param field its number
   * @param values the numbers, which must not change until they are written
   * @return this
   */
  public ProtoWriter floats(int field, float[] values) {
    tag(field, BYTES);
    long bytes = (long) Float.BYTES * values.length;
    varint(bytes);
    part(out -> writeFloats(out, values));
    size += bytes;
    return this;
  }

  /**
   * Bytes of whole numbers, each of eight.
   *
   * @param field its number
   * @param values the numbers
   * @return this
   */
  public ProtoWriter longs(int field, long[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return bytes(field, bytes.array());
  }

  /**
   * A message within this one.
   *
   * @param field its number
   * @param message the message, as it is now
   * @return this
   */
  public ProtoWriter message(int field, ProtoWriter message) {
    message.flush();
    tag(field, BYTES);
    varint(message.size);
    part(
        out -> {
          for (Part part : message.parts) {
            part.writeTo(out);
          }
        });
    size += message.size;
    return this;
  }

  /**
   * Writes the message.
   *
   * @param out where to
   * @throws IOException if that fails
   */
  public void writeTo(OutputStream out) throws IOException {
    Nulls.check(out, "message: out");
    flush();
    for (Part part : parts) {
      part.writeTo(out);
    }
  }

  private void tag(int field, int kind) {
    varint((long) field << 3 | kind);
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      small.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
      size++;
    }
    small.write((int) rest);
    size++;
  }

  private void fixed(long bits, int length) {
    for (int shift = 0; shift < length; shift += Byte.SIZE) {
      small.write((int) (bits >>> shift));
      size++;
    }
  }

  private void part(Part part) {
    flush();
    parts.add(part);
  }

  private void flush() {
    if (small.size() > 0) {
      byte[] bytes = small.toByteArray();
      parts.add(out -> out.write(bytes));
      small = new ByteArrayOutputStream();
    }
  }

  private static void writeFloats(OutputStream out, float[] values) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      chunk.putFloat(values[i]);
      if (!chunk.hasRemaining() || i == values.length - 1) {
        out.write(chunk.array(), 0, chunk.position());
        chunk.clear();
      }
    }
  }
}

package io.hypertape.io.onnx;

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
final class ProtoWriter {

  // Kinds of fields.
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;
  static final int FIXED32 = 5;

  private static final int CHUNK = 1 << 16;

  /** Something that is written in its turn. */
  private interface Part {
    void writeTo(OutputStream out) throws IOException;
  }

  private final List<Part> parts = new ArrayList<>();
  private ByteArrayOutputStream small = new ByteArrayOutputStream();
  private long size;

  /** Bytes of the whole message. */
  long size() {
    return size;
  }

  ProtoWriter integer(int field, long value) {
    tag(field, VARINT);
    varint(value);
    return this;
  }

  ProtoWriter single(int field, float value) {
    tag(field, FIXED32);
    fixed32(value);
    return this;
  }

  ProtoWriter bytes(int field, byte[] value) {
    tag(field, BYTES);
    varint(value.length);
    small.writeBytes(value);
    size += value.length;
    return this;
  }

  ProtoWriter text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** A field of numbers in one piece, as packed fields and bytes of numbers are. */
  ProtoWriter floats(int field, float[] values) {
    tag(field, BYTES);
    long bytes = (long) Float.BYTES * values.length;
    varint(bytes);
    part(out -> writeFloats(out, values));
    size += bytes;
    return this;
  }

  /** Bytes of whole numbers, each of eight. */
  ProtoWriter longs(int field, long[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return bytes(field, bytes.array());
  }

  ProtoWriter message(int field, ProtoWriter message) {
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

  void writeTo(OutputStream out) throws IOException {
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

  private void fixed32(float value) {
    int bits = Float.floatToRawIntBits(value);
    for (int shift = 0; shift < Float.SIZE; shift += Byte.SIZE) {
      small.write(bits >>> shift);
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

package io.hypertape.io.onnx;

import io.hypertape.io.guard.HeapRoom;
import io.hypertape.io.proto.ProtoWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * Reads a message in the encoding of Protocol Buffers, field by field. Nothing is copied but texts,
 * and nothing allocated that the message itself is not long enough for; what its parts become in
 * memory is charged to the heap's room.
 */
final class ProtoReader {

  /** Bytes of memory that a message, or a text, takes beside its own. */
  private static final long OBJECT = 160;

  /** What a number takes while numbers are collected. */
  private static final long NUMBER = 24;

  private final String file;
  private final ByteBuffer bytes;
  private final HeapRoom room;
  private int field;
  private int kind;

  /**
   * A message.
   *
   * @param file for errors
   * @param bytes from its position to its limit
   * @param room that all messages of the file share
   */
  ProtoReader(String file, ByteBuffer bytes, HeapRoom room) {
    this.file = file;
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    this.room = room;
  }

  String file() {
    return file;
  }

  /** Goes to the next field; what was not read of the one before must have been skipped. */
  boolean next() throws OnnxException {
    if (!bytes.hasRemaining()) {
      return false;
    }
    long tag = rawVarint();
    field = (int) (tag >>> 3);
    kind = (int) (tag & 7);
    boolean known =
        kind == ProtoWriter.VARINT
            || kind == ProtoWriter.FIXED64
            || kind == ProtoWriter.BYTES
            || kind == ProtoWriter.FIXED32;
    if (tag >>> 3 < 1 || tag >>> 3 > 0x1FFF_FFFF || !known) {
      throw damaged("a field that there cannot be");
    }
    return true;
  }

  /** The field's number. */
  int field() {
    return field;
  }

  long integer() throws OnnxException {
    expect(ProtoWriter.VARINT);
    return rawVarint();
  }

  float single() throws OnnxException {
    expect(ProtoWriter.FIXED32);
    need(Float.BYTES);
    return bytes.getFloat();
  }

  /** The field's bytes, not copied. */
  ByteBuffer bytes() throws OnnxException {
    expect(ProtoWriter.BYTES);
    return rawBytes();
  }

  String text() throws OnnxException {
    ByteBuffer text = bytes();
    charge(OBJECT + 2L * text.remaining());
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw damaged("a text that is not UTF-8");
    }
  }

  ProtoReader message() throws OnnxException {
    charge(OBJECT);
    return new ProtoReader(file, bytes(), room);
  }

  void skip() throws OnnxException {
    switch (kind) {
      case ProtoWriter.VARINT -> rawVarint();
      case ProtoWriter.BYTES -> rawBytes();
      default -> {
        int length = kind == ProtoWriter.FIXED64 ? Long.BYTES : Integer.BYTES;
        need(length);
        bytes.position(bytes.position() + length);
      }
    }
  }

  /** Whole numbers, of which a field has one, or several in one piece. */
  void integers(LongStream.Builder into) throws OnnxException {
    if (kind != ProtoWriter.BYTES) {
      charge(NUMBER);
      into.add(integer());
      return;
    }
    ProtoReader packed = new ProtoReader(file, rawBytes(), room);
    while (packed.bytes.hasRemaining()) {
      charge(NUMBER);
      into.add(packed.rawVarint());
    }
  }

  /** Numbers of single precision, one or several in one piece. */
  void singles(DoubleStream.Builder into) throws OnnxException {
    if (kind != ProtoWriter.BYTES) {
      charge(NUMBER);
      into.add(single());
      return;
    }
    ByteBuffer packed = rawBytes();
    if (packed.remaining() % Float.BYTES != 0) {
      throw damaged("numbers that do not end with a whole one");
    }
    charge(NUMBER * (packed.remaining() / Float.BYTES));
    while (packed.hasRemaining()) {
      into.add(packed.getFloat());
    }
  }

  /** Numbers of double precision, one or several in one piece. */
  void doubles(DoubleStream.Builder into) throws OnnxException {
    boolean packed = kind == ProtoWriter.BYTES;
    if (!packed) {
      expect(ProtoWriter.FIXED64);
      need(Double.BYTES);
    }
    ByteBuffer numbers = packed ? rawBytes() : bytes;
    int n = packed ? numbers.remaining() / Double.BYTES : 1;
    if (packed && numbers.remaining() % Double.BYTES != 0) {
      throw damaged("numbers that do not end with a whole one");
    }
    charge(NUMBER * n);
    for (int i = 0; i < n; i++) {
      into.add(numbers.getDouble());
    }
  }

  /** Reads a message of a key and its value, as the format has texts by name. */
  void entry(Map<String, String> into) throws OnnxException {
    String key = "";
    String value = "";
    while (next()) {
      switch (field) {
        case 1 -> key = text();
        case 2 -> value = text();
        default -> skip();
      }
    }
    into.put(key, value);
  }

  /** What is allocated beside the file's own bytes. */
  void charge(long memory) throws OnnxException {
    if (!room.fits(memory)) {
      throw new OnnxException(room.lacking(file + ": what the file has", memory));
    }
    room.keep(memory);
  }

  private ByteBuffer rawBytes() throws OnnxException {
    long length = rawVarint();
    need(length);
    ByteBuffer slice = bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + (int) length);
    return slice;
  }

  private long rawVarint() throws OnnxException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      need(1);
      long part = bytes.get();
      value |= (part & 0x7F) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw damaged("a number of more than 64 bits");
  }

  private void expect(int wanted) throws OnnxException {
    if (kind != wanted) {
      throw damaged("field " + field + " of another kind than it must be");
    }
  }

  private void need(long length) throws OnnxException {
    if (length < 0 || length > bytes.remaining()) {
      throw new OnnxException(
          file
              + ": cut off, damaged or no ONNX model: something of "
              + Long.toUnsignedString(length)
              + " bytes begins where only "
              + bytes.remaining()
              + " are left");
    }
  }

  private OnnxException damaged(String what) {
    return new OnnxException(file + ": damaged or no ONNX model: it has " + what);
  }
}

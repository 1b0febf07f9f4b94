package io.hypertape.data.table.parquet;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A struct as Parquet's headers are written, in <a
 * href="https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md">Thrift's
 * compact protocol</a>: values by the numbers of their fields. Parquet has no maps. What is read
 * takes memory in proportion to its bytes, and is nested no deeper than Parquet nests.
 */
final class ThriftStruct {

  private static final int DEPTH = 16;
  private static final int VARINT_BITS = 64;
  private static final int LONG_LIST = 15;
  private static final int UUID_BYTES = 16;

  private static final int STOP = 0;
  private static final int TRUE = 1;
  private static final int FALSE = 2;
  private static final int BYTE = 3;
  private static final int I16 = 4;
  private static final int I32 = 5;
  private static final int I64 = 6;
  private static final int DOUBLE = 7;
  private static final int BINARY = 8;
  private static final int LIST = 9;
  private static final int SET = 10;
  private static final int STRUCT = 12;
  private static final int UUID = 13;

  private final String name;
  private final Map<Integer, Object> fields;

  private ThriftStruct(String name, Map<Integer, Object> fields) {
    this.name = name;
    this.fields = fields;
  }

  /**
   * Reads one.
   *
   * @param name what it is, for errors
   * @param from where it begins; afterwards at its end
   * @throws BufferUnderflowException if it goes on after these bytes
   * @throws DamagedParquetException if it is none
   */
  static ThriftStruct read(String name, ByteBuffer from) throws DamagedParquetException {
    return read(name, from, 0);
  }

  private static ThriftStruct read(String name, ByteBuffer from, int depth)
      throws DamagedParquetException {
    if (depth > DEPTH) {
      throw new DamagedParquetException(name + " is nested more than " + DEPTH + " times");
    }
    Map<Integer, Object> fields = new HashMap<>();
    int id = 0;
    for (int head = from.get() & 0xFF; head != STOP; head = from.get() & 0xFF) {
      id = head >> 4 == 0 ? (short) zigzag(varint(from)) : id + (head >> 4);
      int type = head & 0xF;
      fields.put(id, type == TRUE || type == FALSE ? type == TRUE : value(name, type, from, depth));
    }
    return new ThriftStruct(name, fields);
  }

  private static Object value(String name, int type, ByteBuffer from, int depth)
      throws DamagedParquetException {
    return switch (type) {
      case TRUE, FALSE -> from.get() == TRUE;
      case BYTE -> (long) from.get();
      case I16, I32, I64 -> zigzag(varint(from));
      case DOUBLE -> bytes(from, Double.BYTES);
      case BINARY -> bytes(from, varint(from));
      case LIST, SET -> list(name, from, depth + 1);
      case STRUCT -> read(name, from, depth + 1);
      case UUID -> bytes(from, UUID_BYTES);
      default -> throw new DamagedParquetException(name + " has a value of type " + type);
    };
  }

  private static List<Object> list(String name, ByteBuffer from, int depth)
      throws DamagedParquetException {
    if (depth > DEPTH) {
      throw new DamagedParquetException(name + " is nested more than " + DEPTH + " times");
    }
    int head = from.get() & 0xFF;
    long size = head >> 4 == LONG_LIST ? varint(from) : head >> 4;
    if (size < 0 || size > from.remaining()) {
      // Each takes a byte or more.
      throw new BufferUnderflowException();
    }
    List<Object> values = new ArrayList<>();
    for (long i = 0; i < size; i++) {
      values.add(value(name, head & 0xF, from, depth));
    }
    return values;
  }

  private static byte[] bytes(ByteBuffer from, long size) {
    if (size < 0 || size > from.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[(int) size];
    from.get(bytes);
    return bytes;
  }

  /** Reads a number of 7 bits a byte, the lowest first, as all of Parquet's formats have them. */
  static long varint(ByteBuffer from) throws DamagedParquetException {
    long value = 0;
    for (int shift = 0; shift < VARINT_BITS; shift += 7) {
      byte bits = from.get();
      value |= (bits & 0x7FL) << shift;
      if (bits >= 0) {
        return value;
      }
    }
    throw new DamagedParquetException("a number has more than " + VARINT_BITS + " bits");
  }

  /** Undoes the zigzag of signed numbers: 0, 1, 2, 3 … are 0, −1, 1, −2 …. */
  static long zigzag(long number) {
    return number >>> 1 ^ -(number & 1);
  }

  boolean has(int id) {
    return fields.containsKey(id);
  }

  private <T> T value(int id, String field, Class<T> type, @Nullable T otherwise)
      throws DamagedParquetException {
    Object value = fields.getOrDefault(id, otherwise);
    if (!type.isInstance(value)) {
      throw new DamagedParquetException(
          name + " has " + (value == null ? "no " : "a wrong ") + field);
    }
    return type.cast(value);
  }

  /** A number that must be there and is none below 0, as sizes and counts are. */
  long size(int id, String field) throws DamagedParquetException {
    long size = value(id, field, Long.class, null);
    if (size < 0) {
      throw new DamagedParquetException(name + " has " + size + " as " + field);
    }
    return size;
  }

  int number(int id, String field, @Nullable Integer otherwise) throws DamagedParquetException {
    long number = value(id, field, Long.class, otherwise == null ? null : Long.valueOf(otherwise));
    if (number != (int) number) {
      throw new DamagedParquetException(name + " has " + number + " as " + field);
    }
    return (int) number;
  }

  boolean flag(int id, String field, boolean otherwise) throws DamagedParquetException {
    return value(id, field, Boolean.class, otherwise);
  }

  String text(int id, String field) throws DamagedParquetException {
    return new String(value(id, field, byte[].class, null), StandardCharsets.UTF_8);
  }

  ThriftStruct struct(int id, String field) throws DamagedParquetException {
    return value(id, field, ThriftStruct.class, null);
  }

  /** The number of the one field of a union. */
  int choice() throws DamagedParquetException {
    if (fields.size() != 1) {
      throw new DamagedParquetException(name + " has a choice with " + fields.size() + " values");
    }
    return fields.keySet().iterator().next();
  }

  List<ThriftStruct> structs(int id, String field) throws DamagedParquetException {
    List<ThriftStruct> structs = new ArrayList<>();
    for (Object element : value(id, field, List.class, null)) {
      if (!(element instanceof ThriftStruct struct)) {
        throw new DamagedParquetException(name + " has a wrong " + field);
      }
      structs.add(struct);
    }
    return structs;
  }
}

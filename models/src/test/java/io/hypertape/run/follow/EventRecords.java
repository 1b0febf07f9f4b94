package io.hypertape.run.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Reads files of events, and checks every sum in them. */
final class EventRecords {

  /** What a record says; the start of a session has no values. */
  record Told(
      double wallTime, long step, String version, boolean start, Map<String, Float> values) {}

  private EventRecords() {}

  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("events.out.tfevents."))
          .sorted()
          .toList();
    }
  }

  static List<Told> read(Path file) throws IOException {
    ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Told> told = new ArrayList<>();
    while (all.hasRemaining()) {
      byte[] length = new byte[8];
      all.get(all.position(), length);
      byte[] data = new byte[(int) all.getLong()];
      assertEquals(masked(length), all.getInt(), "sum of a length");
      all.get(data);
      assertEquals(masked(data), all.getInt(), "sum of a record");
      told.add(event(data));
    }
    return told;
  }

  /** As TFRecord defines it: ((crc >> 15) | (crc << 17)) + 0xa282ead8. */
  private static int masked(byte[] data) {
    CRC32C sum = new CRC32C();
    sum.update(data);
    long crc = sum.getValue();
    return (int) (((crc >>> 15 | crc << 17) & 0xffffffffL) + 0xa282ead8L);
  }

  private static Told event(byte[] data) {
    double wallTime = 0;
    long step = 0;
    String version = "";
    boolean start = false;
    Map<String, Float> values = new TreeMap<>();
    ByteBuffer in = buffer(data);
    while (in.hasRemaining()) {
      int tag = (int) varint(in);
      switch (tag) {
        case 1 << 3 | 1 -> wallTime = in.getDouble();
        case 2 << 3 -> step = varint(in);
        case 3 << 3 | 2 -> version = new String(bytes(in), StandardCharsets.UTF_8);
        case 5 << 3 | 2 -> summary(bytes(in), values);
        case 7 << 3 | 2 -> {
          ByteBuffer log = buffer(bytes(in));
          assertEquals(1 << 3, varint(log));
          start = varint(log) == 1;
        }
        default -> throw new AssertionError("field " + tag);
      }
    }
    return new Told(wallTime, step, version, start, values);
  }

  private static void summary(byte[] data, Map<String, Float> values) {
    ByteBuffer in = buffer(data);
    while (in.hasRemaining()) {
      assertEquals(1 << 3 | 2, varint(in));
      ByteBuffer value = buffer(bytes(in));
      assertEquals(1 << 3 | 2, varint(value));
      String tag = new String(bytes(value), StandardCharsets.UTF_8);
      assertEquals(2 << 3 | 5, varint(value));
      values.put(tag, value.getFloat());
      assertEquals(0, value.remaining());
    }
  }

  private static ByteBuffer buffer(byte[] data) {
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] data = new byte[(int) varint(in)];
    in.get(data);
    return data;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}

package io.hypertape.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Weights in the safetensors format: an 8-byte little-endian length, a JSON header, then the
 * numbers. A file is checked before anything of the size that it claims is allocated.
 *
 * @param tensors arrays by name
 * @param doubles arrays of double precision by name
 * @param metadata texts by name
 */
public record Safetensors(
    Map<String, FloatArray> tensors,
    Map<String, DoubleArray> doubles,
    Map<String, String> metadata) {

  /** The longest header that the format's own implementation accepts. */
  private static final long MAX_HEADER = 100_000_000;

  /**
   * Arrays of single precision.
   *
   * @param tensors arrays by name
   * @param metadata texts by name
   */
  public Safetensors(Map<String, FloatArray> tensors, Map<String, String> metadata) {
    this(tensors, Map.of(), metadata);
  }

  /**
   * Writes a file, whole or not at all.
   *
   * @param file where to
   * @throws IOException if it cannot be written; what was there before is kept
   */
  public void write(Path file) throws IOException {
    byte[] json = SafetensorsHeader.json(tensors, doubles, metadata);
    int padded = (json.length + 7) / 8 * 8;
    AtomicFile.write(
        file,
        out -> {
          ByteBuffer head =
              ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded);
          head.put(json);
          while (head.hasRemaining()) {
            head.put((byte) ' ');
          }
          out.write(head.array());
          for (FloatArray tensor : tensors.values()) {
            writeNumbers(out, tensor.data());
          }
          for (DoubleArray tensor : doubles.values()) {
            writeNumbers(out, tensor.data());
          }
        });
  }

  private static void writeNumbers(OutputStream out, float[] data) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < data.length; i++) {
      chunk.putFloat(data[i]);
      if (!chunk.hasRemaining() || i == data.length - 1) {
        out.write(chunk.array(), 0, chunk.position());
        chunk.clear();
      }
    }
  }

  private static void writeNumbers(OutputStream out, double[] data) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < data.length; i++) {
      chunk.putDouble(data[i]);
      if (!chunk.hasRemaining() || i == data.length - 1) {
        out.write(chunk.array(), 0, chunk.position());
        chunk.clear();
      }
    }
  }

  /**
   * Reads a file; F64, F16, BF16 and I64 are converted to single precision.
   *
   * @param file where from
   * @return its tensors, in the header's order, and its metadata
   * @throws SafetensorsException if it is damaged or of another kind
   * @throws IOException if it cannot be read
   */
  public static Safetensors read(Path file) throws IOException {
    return read(file, false);
  }

  /**
   * Reads a file, double precision as such; F16, BF16 and I64 are converted to single precision.
   *
   * @param file where from
   * @return its tensors, in the header's order, and its metadata
   * @throws SafetensorsException if it is damaged or of another kind
   * @throws IOException if it cannot be read
   */
  public static Safetensors readExactly(Path file) throws IOException {
    return read(file, true);
  }

  private static Safetensors read(Path file, boolean exactly) throws IOException {
    if (Files.isDirectory(file)) {
      throw new SafetensorsException(file + ": a folder; a safetensors file is expected");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < 8) {
        throw new SafetensorsException(
            file + ": " + size + " bytes; a safetensors file has at least 8");
      }
      long length = read(file, channel, 0, 8).getLong();
      if (length < 2 || length > MAX_HEADER || length > size - 8) {
        throw new SafetensorsException(
            file
                + ": claims a header of "
                + Long.toUnsignedString(length)
                + " bytes; the file has "
                + (size - 8)
                + " after the length, and "
                + MAX_HEADER
                + " is the most");
      }
      byte[] json = read(file, channel, 8, (int) length).array();
      SafetensorsHeader header = SafetensorsHeader.parse(file, json, size - 8 - length);
      Map<String, FloatArray> tensors = new LinkedHashMap<>();
      Map<String, DoubleArray> doubles = new LinkedHashMap<>();
      for (Map.Entry<String, SafetensorsHeader.Entry> entry : header.entries().entrySet()) {
        if (exactly && entry.getValue().format() == SafetensorsHeader.Format.F64) {
          doubles.put(entry.getKey(), doubles(file, channel, 8 + length, entry.getValue()));
        } else {
          tensors.put(entry.getKey(), numbers(file, channel, 8 + length, entry.getValue()));
        }
      }
      return new Safetensors(tensors, doubles, header.metadata());
    }
  }

  private static DoubleArray doubles(
      Path file, FileChannel channel, long dataAt, SafetensorsHeader.Entry entry)
      throws IOException {
    double[] data = new double[entry.elements()];
    int perChunk = (1 << 20) / Double.BYTES;
    for (int i = 0; i < data.length; i += perChunk) {
      int n = Math.min(perChunk, data.length - i);
      long at = dataAt + entry.begin() + (long) i * Double.BYTES;
      read(file, channel, at, n * Double.BYTES).asDoubleBuffer().get(data, i, n);
    }
    return new DoubleArray(entry.shape(), data);
  }

  private static FloatArray numbers(
      Path file, FileChannel channel, long dataAt, SafetensorsHeader.Entry entry)
      throws IOException {
    float[] data = new float[entry.elements()];
    int width = entry.format().bytes;
    int perChunk = (1 << 20) / width;
    for (int i = 0; i < data.length; i += perChunk) {
      int n = Math.min(perChunk, data.length - i);
      ByteBuffer chunk = read(file, channel, dataAt + entry.begin() + (long) i * width, n * width);
      for (int k = 0; k < n; k++) {
        data[i + k] =
            switch (entry.format()) {
              case F32 -> chunk.getFloat();
              case F64 -> (float) chunk.getDouble();
              case F16 -> Float.float16ToFloat(chunk.getShort());
              case BF16 -> Float.intBitsToFloat(chunk.getShort() << 16);
              case I64 -> (float) chunk.getLong();
            };
      }
    }
    return new FloatArray(entry.shape(), data);
  }

  private static ByteBuffer read(Path file, FileChannel channel, long at, int n)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(n).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new SafetensorsException(file + ": cut off at byte " + (at + buffer.position()));
      }
    }
    return buffer.flip();
  }
}

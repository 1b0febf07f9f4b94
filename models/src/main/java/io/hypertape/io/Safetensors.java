package io.hypertape.io;

import io.hypertape.checks.Nulls;
import io.hypertape.io.guard.AtomicFile;
import io.hypertape.io.guard.FileChecksum;
import io.hypertape.io.guard.HeapRoom;
import io.hypertape.io.guard.Uninterrupted;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

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

  /** Copies the maps, in their order. */
  public Safetensors {
    tensors = Collections.unmodifiableMap(Nulls.copy(tensors, "safetensors: tensors"));
    doubles = Collections.unmodifiableMap(Nulls.copy(doubles, "safetensors: doubles"));
    metadata = Collections.unmodifiableMap(Nulls.copy(metadata, "safetensors: metadata"));
  }

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
   * Writes a file, whole or not at all. Its metadata get an entry {@code checksum} of all that is
   * in the file, which readers of this package check and take away.
   *
   * @param file where to
   * @throws IOException if it cannot be written; what was there before is kept
   */
  public void write(Path file) throws IOException {
    Nulls.check(file, "safetensors: file");
    byte[] json = SafetensorsHeader.json(tensors, doubles, metadata);
    int padded = padded(file, json.length);
    ByteBuffer head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(padded).put(json);
    while (head.hasRemaining()) {
      head.put((byte) ' ');
    }
    CRC32C sum = new CRC32C();
    sum.update(head.array());
    writeNumbers(new CheckedOutputStream(OutputStream.nullOutputStream(), sum));
    FileChecksum.put(sum, head.array(), 8 + FileChecksum.digitsAt(json));
    AtomicFile.write(
        file,
        out -> {
          out.write(head.array());
          writeNumbers(out);
        });
  }

  private void writeNumbers(OutputStream out) throws IOException {
    for (FloatArray tensor : tensors.values()) {
      writeNumbers(out, tensor.data());
    }
    for (DoubleArray tensor : doubles.values()) {
      writeNumbers(out, tensor.data());
    }
  }

  /** Length of a header with the spaces that bring the data to a multiple of 8. */
  static int padded(Path file, int length) throws IOException {
    int padded = (length + 7) / 8 * 8;
    if (padded > SafetensorsHeader.MAX_SIZE) {
      throw new IOException(
          file
              + ": names, shapes and metadata take "
              + padded
              + " bytes; readers of safetensors take at most "
              + SafetensorsHeader.MAX_SIZE);
    }
    return padded;
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
   * Reads a file whole, in single precision: what that does not hold becomes the nearest that it
   * does. {@link SafetensorsFile} reads single tensors, whole numbers exactly, and says what was
   * rounded.
   *
   * @param file where from
   * @return its tensors, in the header's order, and its metadata
   * @throws SafetensorsException if it is damaged or of another kind, or a tensor is too large
   * @throws IOException if it cannot be read
   */
  public static Safetensors read(Path file) throws IOException {
    Nulls.check(file, "safetensors: file");
    return Uninterrupted.call(() -> read(file, false));
  }

  /**
   * Reads a file, double precision as such and all else in single precision.
   *
   * @param file where from
   * @return its tensors, in the header's order, and its metadata
   * @throws SafetensorsException if it is damaged or of another kind, or a tensor is too large
   * @throws IOException if it cannot be read
   */
  public static Safetensors readExactly(Path file) throws IOException {
    Nulls.check(file, "safetensors: file");
    return Uninterrupted.call(() -> read(file, true));
  }

  /**
   * Reads all of an open file, double precision as such and all else in single precision.
   *
   * @param in the file, which stays open
   * @return its tensors, in the header's order, and its metadata
   * @throws SafetensorsException if a tensor is too large, or all of them are
   * @throws IOException if it cannot be read
   */
  public static Safetensors readExactly(SafetensorsFile in) throws IOException {
    Nulls.check(in, "safetensors: in");
    return read(in, true);
  }

  private static Safetensors read(Path file, boolean exactly) throws IOException {
    try (SafetensorsFile in = SafetensorsFile.open(file)) {
      return read(in, exactly);
    }
  }

  private static Safetensors read(SafetensorsFile in, boolean exactly) throws IOException {
    checkRoom(in, exactly);
    Map<String, FloatArray> tensors = new LinkedHashMap<>();
    Map<String, DoubleArray> doubles = new LinkedHashMap<>();
    for (Map.Entry<String, StoredTensor> tensor : in.tensors().entrySet()) {
      String name = tensor.getKey();
      if (exactly && tensor.getValue().type() == StoredType.F64) {
        doubles.put(name, in.doubles(name));
      } else {
        tensors.put(name, in.floats(name));
      }
    }
    return new Safetensors(tensors, doubles, new LinkedHashMap<>(in.metadata()));
  }

  /** All tensors together, before the first is read. */
  private static void checkRoom(SafetensorsFile in, boolean exactly) throws SafetensorsException {
    long bytes = 0;
    for (StoredTensor tensor : in.tensors().values()) {
      long size = tensor.type() == StoredType.C64 ? 2 : 1;
      for (long length : tensor.shape()) {
        size *= length;
      }
      boolean wide = exactly && tensor.type() == StoredType.F64;
      bytes += size * (wide ? Double.BYTES : Float.BYTES);
    }
    HeapRoom room = HeapRoom.ofJvm();
    if (!room.fits(bytes)) {
      throw new SafetensorsException(
          room.lacking(in.file() + ": the numbers of its tensors", bytes));
    }
  }
}

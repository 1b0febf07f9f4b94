package io.hypertape.io;

import io.hypertape.io.guard.FileChecksum;
import io.hypertape.io.guard.FileKind;
import io.hypertape.io.guard.FileProblem;
import io.hypertape.io.guard.HeapRoom;
import io.hypertape.io.guard.Uninterrupted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/** One open file with a header and numbers, of a {@link SafetensorsFile}. */
final class SafetensorsPart implements AutoCloseable {

  private static final int CHUNK = 1 << 20;

  /** Bytes of memory a byte of the header, of the shortest names and shapes that there can be. */
  private static final long HEADER_MEMORY = 10;

  private final Path file;
  private final long dataAt;
  private final SafetensorsHeader header;
  private final boolean checked;
  private FileChannel channel;
  private boolean closed;

  private SafetensorsPart(
      Path file, FileChannel channel, long dataAt, SafetensorsHeader header, boolean checked) {
    this.file = file;
    this.channel = channel;
    this.dataAt = dataAt;
    this.header = header;
    this.checked = checked;
  }

  /** Opens a regular file and checks its header; all of it, if it has a checksum. */
  static SafetensorsPart open(Path file) throws IOException {
    return Uninterrupted.call(
        () -> {
          FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
          try {
            return open(file, channel);
          } catch (Throwable e) {
            channel.close();
            throw e;
          }
        });
  }

  private static SafetensorsPart open(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    byte[] head = read(file, channel, 0, (int) Math.min(size, FileKind.HEAD)).array();
    if (size < Long.BYTES) {
      throw other(file, head, size + " bytes; a safetensors file has at least 8");
    }
    long length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long rest = size - Long.BYTES;
    if (length < 2 || length > SafetensorsHeader.MAX_SIZE || length > rest) {
      throw other(
          file,
          head,
          "claims a header of "
              + Long.toUnsignedString(length)
              + " bytes; the file has "
              + rest
              + " after the length, and "
              + SafetensorsHeader.MAX_SIZE
              + " is the most");
    }
    checkRoom(file + ": its header of " + length + " bytes", HEADER_MEMORY * length);
    byte[] json = read(file, channel, Long.BYTES, (int) length).array();
    if (!HeaderParser.beginsWithBrace(json)) {
      throw other(file, head, "the header does not begin with '{'");
    }
    SafetensorsHeader header = SafetensorsHeader.parse(file, json, rest - length);
    boolean checked = FileChecksum.isOne(header.metadata().getOrDefault(FileChecksum.KEY, ""));
    if (checked) {
      check(file, channel, json, size, header);
    } else if (FileChecksum.isLost(json, SafetensorsHeader.BEGINNING)) {
      throw new SafetensorsException(file + ": the beginning of its header is damaged");
    }
    return new SafetensorsPart(file, channel, Long.BYTES + length, header, checked);
  }

  /** Whether all bytes are those that were written. */
  private static void check(
      Path file, FileChannel channel, byte[] json, long size, SafetensorsHeader header)
      throws IOException {
    CRC32C sum = new CRC32C();
    sum.update(read(file, channel, 0, Long.BYTES));
    sum.update(FileChecksum.blanked(json, FileChecksum.digitsAt(json)));
    for (long at = Long.BYTES + json.length; at < size; at += CHUNK) {
      sum.update(read(file, channel, at, (int) Math.min(CHUNK, size - at)));
    }
    if (!FileChecksum.text(sum).equals(header.metadata().get(FileChecksum.KEY))) {
      throw new SafetensorsException(
          file
              + ": was damaged or changed after it was written, as its checksum tells; a program"
              + " that changes such a file on purpose removes '"
              + FileChecksum.KEY
              + "' from its metadata");
    }
  }

  /** Numbers that are stored in few bits, and names, take more memory than they do on the disk. */
  private static void checkRoom(String what, long bytes) throws SafetensorsException {
    HeapRoom room = HeapRoom.ofJvm();
    if (!room.fits(bytes)) {
      throw new SafetensorsException(room.lacking(what, bytes));
    }
  }

  /** An array's size, which is known to fit. */
  private int size(String name, int[] shape, int bytes) throws SafetensorsException {
    int size = IntStream.of(shape).reduce(1, Math::multiplyExact);
    checkRoom(file + ": the numbers of tensor '" + name + "'", (long) bytes * size);
    return size;
  }

  /** For a file that does not begin as it should: what it is instead, or else what is wrong. */
  private static SafetensorsException other(Path file, byte[] head, String wrong) {
    return new SafetensorsException(
        file + ": " + FileKind.of(head).map(kind -> kind.insteadOfWeights(file)).orElse(wrong));
  }

  Path file() {
    return file;
  }

  /** Tensors by name, in the header's order. */
  Map<String, StoredTensor> tensors() {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    header.entries().forEach((name, entry) -> tensors.put(name, entry.tensor()));
    return tensors;
  }

  /** Texts by name, without a checksum. */
  Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>(header.metadata());
    if (checked) {
      metadata.remove(FileChecksum.KEY);
    }
    return metadata;
  }

  boolean isChecked() {
    return checked;
  }

  SafetensorsFile.Narrowed narrow(String name) throws IOException {
    SafetensorsHeader.Entry entry = entry(name);
    int[] shape = shape(name, entry);
    float[] data = new float[size(name, shape, Float.BYTES)];
    StoredType type = entry.tensor().type();
    long rounded = 0;
    int perChunk = perChunk(type);
    for (int i = 0; i < data.length; i += perChunk) {
      int n = Math.min(perChunk, data.length - i);
      rounded += StoredNumbers.toFloats(type, chunk(entry, i, n), data, i, n);
    }
    return new SafetensorsFile.Narrowed(new FloatArray(shape, data), rounded);
  }

  DoubleArray doubles(String name) throws IOException {
    SafetensorsHeader.Entry entry = entry(name);
    int[] shape = shape(name, entry);
    double[] data = new double[size(name, shape, Double.BYTES)];
    StoredType type = entry.tensor().type();
    int perChunk = perChunk(type);
    for (int i = 0; i < data.length; i += perChunk) {
      int n = Math.min(perChunk, data.length - i);
      StoredNumbers.toDoubles(type, chunk(entry, i, n), data, i, n);
    }
    return new DoubleArray(shape, data);
  }

  LongArray longs(String name) throws IOException {
    SafetensorsHeader.Entry entry = entry(name);
    StoredType type = entry.tensor().type();
    if (!type.isInteger()) {
      throw new IllegalArgumentException(
          file + ": tensor '" + name + "' is of type " + type + ", which has no whole numbers");
    }
    int[] shape = shape(name, entry);
    long[] data = new long[size(name, shape, Long.BYTES)];
    int perChunk = perChunk(type);
    for (int i = 0; i < data.length; i += perChunk) {
      int n = Math.min(perChunk, data.length - i);
      ByteBuffer chunk = chunk(entry, i, n);
      for (int k = 0; k < n; k++) {
        data[i + k] = StoredNumbers.whole(type, chunk);
      }
    }
    return new LongArray(shape, data);
  }

  private SafetensorsHeader.Entry entry(String name) {
    return header.entries().get(name);
  }

  /** The shape as arrays have it. */
  private int[] shape(String name, SafetensorsHeader.Entry entry) throws SafetensorsException {
    StoredTensor tensor = entry.tensor();
    if (tensor.type() == StoredType.F6_E2M3 || tensor.type() == StoredType.F6_E3M2) {
      throw new SafetensorsException(
          file
              + ": tensor '"
              + name
              + "' is of type "
              + tensor.type()
              + "; the format does not say how six bits are packed, and numbers of this type are"
              + " not read");
    }
    boolean complex = tensor.type() == StoredType.C64;
    List<Long> axes = tensor.shape();
    int[] shape = new int[axes.size() + (complex ? 1 : 0)];
    Arrays.fill(shape, 2);
    // That it fits 64 bits has been checked.
    long elements = complex ? 2 : 1;
    for (int axis = 0; axis < axes.size(); axis++) {
      long length = axes.get(axis);
      elements *= length;
      if (length < 0 || length > Integer.MAX_VALUE) {
        elements = Long.MAX_VALUE;
        break;
      }
      shape[axis] = (int) length;
    }
    if (elements > Integer.MAX_VALUE - 8) {
      throw new SafetensorsException(
          file + ": tensor '" + name + "' of " + tensor + " is too large to hold in an array");
    }
    return shape;
  }

  /** Bits of a number; a complex one is two. */
  private static int bits(StoredType type) {
    return type == StoredType.C64 ? Float.SIZE : type.bits();
  }

  /** Numbers that are read at a time, an even number of them. */
  private static int perChunk(StoredType type) {
    return CHUNK / Math.max(1, bits(type) / Byte.SIZE);
  }

  /** The bytes of n numbers from the i-th on. */
  private ByteBuffer chunk(SafetensorsHeader.Entry entry, int i, int n) throws IOException {
    long bits = bits(entry.tensor().type());
    long from = i * bits / Byte.SIZE;
    long at = dataAt + entry.begin() + from;
    return Uninterrupted.call(() -> read(file, channel(), at, (int) (n * bits / Byte.SIZE)));
  }

  /** The file's channel; another one if an interrupt has closed it. */
  private FileChannel channel() throws IOException {
    if (!channel.isOpen() && !closed) {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    }
    return channel;
  }

  private static ByteBuffer read(Path file, FileChannel channel, long at, int n)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(n).order(ByteOrder.LITTLE_ENDIAN);
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, at + buffer.position()) < 0) {
          throw new SafetensorsException(file + ": cut off at byte " + (at + buffer.position()));
        }
      }
    } catch (ClosedByInterruptException e) {
      // Read again, by whoever knows that.
      throw e;
    } catch (IOException e) {
      throw FileProblem.named(file, e);
    }
    return buffer.flip();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    channel.close();
  }
}

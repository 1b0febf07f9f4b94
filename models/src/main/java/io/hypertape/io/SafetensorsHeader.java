package io.hypertape.io;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hypertape.io.guard.FileChecksum;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON header of a safetensors file, checked against the size of what follows it. */
record SafetensorsHeader(Map<String, Entry> entries, Map<String, String> metadata) {

  static final String METADATA = "__metadata__";

  /** How a header begins that has a checksum, up to that. */
  static final String BEGINNING = "{\"" + METADATA + "\":{\"" + FileChecksum.KEY + "\":";

  /** The longest header that the format's own implementation accepts. */
  static final long MAX_SIZE = 100_000_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A tensor: where its bytes are, counted from the end of the header. */
  record Entry(StoredTensor tensor, long begin, long end) {}

  /**
   * Reads a header.
   *
   * @param json its bytes
   * @param dataSize bytes that follow it
   */
  static SafetensorsHeader parse(Path file, byte[] json, long dataSize)
      throws SafetensorsException {
    SafetensorsHeader header = new HeaderParser(file, json).parse();
    for (Map.Entry<String, Entry> entry : header.entries.entrySet()) {
      checkSize(file + ": tensor '" + entry.getKey() + "'", entry.getValue(), dataSize);
    }
    checkCover(file, header.entries, dataSize);
    return header;
  }

  /** Shape and type must need as many bytes as there are from begin to end. */
  private static void checkSize(String where, Entry entry, long dataSize)
      throws SafetensorsException {
    StoredTensor tensor = entry.tensor();
    long size = tensor.type().bits();
    // In the order of the format's own implementation: the axes first, then the type.
    long elements = 1;
    boolean fits = true;
    for (long length : tensor.shape()) {
      fits &= Math.unsignedMultiplyHigh(elements, length) == 0;
      elements *= length;
    }
    fits &= Math.unsignedMultiplyHigh(elements, size) == 0;
    if (!fits) {
      throw new SafetensorsException(
          where + " has shape " + StoredTensor.text(tensor.shape()) + ", too large to hold");
    }
    long bits = elements * size;
    if (bits % 8 != 0) {
      throw new SafetensorsException(where + " of " + tensor + " does not end with a whole byte");
    }
    long bytes = Long.divideUnsigned(bits, 8);
    if (entry.end() - entry.begin() != bytes || Long.compareUnsigned(entry.end(), bytes) < 0) {
      throw new SafetensorsException(
          where
              + " has data_offsets "
              + Long.toUnsignedString(entry.begin())
              + " to "
              + Long.toUnsignedString(entry.end())
              + "; "
              + tensor
              + " needs "
              + bytes
              + " bytes"
              + (bytes > dataSize ? ", too large for the " + dataSize + " that there are" : ""));
    }
  }

  /** The tensors must lie end to end and fill the file. */
  private static void checkCover(Path file, Map<String, Entry> entries, long dataSize)
      throws SafetensorsException {
    List<Entry> sorted = new ArrayList<>(entries.values());
    sorted.sort(
        Comparator.comparing(Entry::begin, Long::compareUnsigned)
            .thenComparing(Entry::end, Long::compareUnsigned));
    long at = 0;
    for (Entry entry : sorted) {
      if (entry.begin() != at) {
        throw new SafetensorsException(
            file
                + ": tensors overlap or leave a gap at byte "
                + (Long.compareUnsigned(at, entry.begin()) < 0 ? at : entry.begin())
                + " of the data");
      }
      at = entry.end();
    }
    if (at != dataSize) {
      throw new SafetensorsException(
          file
              + ": the header describes "
              + Long.toUnsignedString(at)
              + " bytes of data, the file has "
              + dataSize);
    }
  }

  static byte[] json(
      Map<String, FloatArray> tensors,
      Map<String, DoubleArray> doubles,
      Map<String, String> metadata)
      throws IOException {
    Map<String, Object> root = new LinkedHashMap<>();
    // First, so that damage to the entry itself is seen: a file begins like this or not at all so.
    Map<String, String> checked = new LinkedHashMap<>();
    checked.put(FileChecksum.KEY, FileChecksum.BLANK);
    metadata.forEach(checked::putIfAbsent);
    root.put(METADATA, checked);
    long at = 0;
    for (Map.Entry<String, FloatArray> tensor : tensors.entrySet()) {
      FloatArray array = tensor.getValue();
      at = put(root, tensor.getKey(), StoredType.F32, array.shape(), array.data().length, at);
    }
    for (Map.Entry<String, DoubleArray> tensor : doubles.entrySet()) {
      DoubleArray array = tensor.getValue();
      at = put(root, tensor.getKey(), StoredType.F64, array.shape(), array.data().length, at);
    }
    return JSON.writeValueAsBytes(root);
  }

  /** Describes a tensor; gives where the next one begins. */
  private static long put(
      Map<String, Object> root, String name, StoredType type, int[] shape, int elements, long at) {
    long end = at + (long) type.bits() / 8 * elements;
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("dtype", type.name());
    entry.put("shape", shape);
    entry.put("data_offsets", new long[] {at, end});
    if (name.equals(METADATA) || root.put(name, entry) != null) {
      throw new IllegalArgumentException("no tensor, or but one, may be named " + name);
    }
    return end;
  }
}

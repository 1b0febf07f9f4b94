package io.hypertape.io;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON header of a safetensors file, checked against the size of what follows it. */
record SafetensorsHeader(Map<String, Entry> entries, Map<String, String> metadata) {

  private static final String METADATA = "__metadata__";

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** A tensor: where its bytes are, counted from the end of the header. */
  record Entry(Format format, int[] shape, long begin, long end) {
    int elements() {
      return (int) ((end - begin) / format.bytes);
    }
  }

  /** Element types that can be read as single precision. */
  enum Format {
    F32(4),
    F64(8),
    F16(2),
    BF16(2),
    I64(8);

    final int bytes;

    Format(int bytes) {
      this.bytes = bytes;
    }
  }

  static SafetensorsHeader parse(Path file, byte[] json, long dataSize) throws IOException {
    JsonNode root;
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
      if (!text.startsWith("{")) {
        throw new SafetensorsException(file + ": the header does not begin with '{'");
      }
      root = JSON.readTree(text);
    } catch (CharacterCodingException e) {
      throw new SafetensorsException(file + ": the header is not UTF-8");
    } catch (JacksonException e) {
      throw new SafetensorsException(
          file + ": the header is not valid JSON (" + e.getOriginalMessage() + ")");
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (field.getKey().equals(METADATA)) {
        readMetadata(file, field.getValue(), metadata);
      } else {
        entries.put(
            field.getKey(), entry(file + ": tensor '" + field.getKey() + "'", field.getValue()));
      }
    }
    checkCover(file, entries, dataSize);
    return new SafetensorsHeader(entries, metadata);
  }

  private static void readMetadata(Path file, JsonNode node, Map<String, String> metadata)
      throws SafetensorsException {
    if (!node.isObject()) {
      throw new SafetensorsException(file + ": " + METADATA + " is not a map");
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getValue().isTextual()) {
        throw new SafetensorsException(
            file + ": " + METADATA + " of '" + field.getKey() + "' is not a text");
      }
      metadata.put(field.getKey(), field.getValue().asText());
    }
  }

  private static Entry entry(String where, JsonNode node) throws SafetensorsException {
    Format format = null;
    for (Format known : Format.values()) {
      if (known.name().equals(node.path("dtype").asText())) {
        format = known;
      }
    }
    if (format == null) {
      throw new SafetensorsException(
          where + " has dtype " + node.path("dtype") + "; F32, F64, F16, BF16 and I64 can be read");
    }
    JsonNode lengths = node.path("shape");
    JsonNode offsets = node.path("data_offsets");
    if (!lengths.isArray() || !offsets.isArray() || offsets.size() != 2) {
      throw new SafetensorsException(where + " lacks a shape or two data_offsets");
    }
    int[] shape = new int[lengths.size()];
    long elements = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      long length = whole(where + " shape", lengths.get(axis));
      if (length > Integer.MAX_VALUE || elements * length > Integer.MAX_VALUE - 8) {
        throw new SafetensorsException(where + " has shape " + lengths + ", too large to hold");
      }
      shape[axis] = (int) length;
      elements *= length;
    }
    long begin = whole(where + " data_offsets", offsets.get(0));
    long end = whole(where + " data_offsets", offsets.get(1));
    if (end - begin != elements * format.bytes) {
      throw new SafetensorsException(
          where
              + " has "
              + (end - begin)
              + " bytes; shape "
              + lengths
              + " of "
              + format
              + " needs "
              + elements * format.bytes);
    }
    return new Entry(format, shape, begin, end);
  }

  private static long whole(String where, JsonNode node) throws SafetensorsException {
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.asLong() < 0) {
      throw new SafetensorsException(where + ": " + node + " is not a number of 0 or more");
    }
    return node.asLong();
  }

  /** The tensors must lie end to end and fill the file. */
  private static void checkCover(Path file, Map<String, Entry> entries, long dataSize)
      throws SafetensorsException {
    List<Entry> sorted = new ArrayList<>(entries.values());
    sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long at = 0;
    for (Entry entry : sorted) {
      if (entry.begin() != at) {
        throw new SafetensorsException(
            file
                + ": tensors overlap or leave a gap at byte "
                + Math.min(at, entry.begin())
                + " of the data");
      }
      at = entry.end();
    }
    if (at != dataSize) {
      throw new SafetensorsException(
          file + ": the header describes " + at + " bytes of data, the file has " + dataSize);
    }
  }

  static byte[] json(
      Map<String, FloatArray> tensors,
      Map<String, DoubleArray> doubles,
      Map<String, String> metadata)
      throws IOException {
    Map<String, Object> root = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      root.put(METADATA, metadata);
    }
    long at = 0;
    for (Map.Entry<String, FloatArray> tensor : tensors.entrySet()) {
      FloatArray array = tensor.getValue();
      at = put(root, tensor.getKey(), Format.F32, array.shape(), array.data().length, at);
    }
    for (Map.Entry<String, DoubleArray> tensor : doubles.entrySet()) {
      DoubleArray array = tensor.getValue();
      at = put(root, tensor.getKey(), Format.F64, array.shape(), array.data().length, at);
    }
    return JSON.writeValueAsBytes(root);
  }

  /** Describes a tensor; gives where the next one begins. */
  private static long put(
      Map<String, Object> root, String name, Format format, int[] shape, int elements, long at) {
    long end = at + (long) format.bytes * elements;
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("dtype", format.name());
    entry.put("shape", shape);
    entry.put("data_offsets", new long[] {at, end});
    if (name.equals(METADATA) || root.put(name, entry) != null) {
      throw new IllegalArgumentException("no tensor, or but one, may be named " + name);
    }
    return end;
  }
}

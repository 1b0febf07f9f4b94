package io.hypertape.io.guard;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hypertape.checks.Nulls;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A JSON object in a file of its own, with a checksum of the whole file as its first entry. One
 * without that, as earlier versions wrote it, is read, too.
 *
 * @param values what the file has, without the checksum
 * @param checked whether the file has a checksum; it fits then
 */
public record CheckedJson(JsonNode values, boolean checked) {

  /** The largest file that is read, in bytes; what is written here takes some thousands. */
  public static final long MAX_SIZE = 16L << 20;

  /** Bytes of memory a byte of JSON: of very many empty objects. */
  private static final long MEMORY = 32;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  // The same bytes on every system.
  private static final ObjectWriter WRITER =
      JSON.writer(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
  private static final String BEGINNING = "{\n  \"" + FileChecksum.KEY + "\" : ";

  /** Checks that there is an object. */
  public CheckedJson {
    Nulls.check(values, "checkedJson: values");
  }

  /**
   * Writes an object, whole or not at all.
   *
   * @param file where to
   * @param values its entries, in their order
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, Map<String, ?> values) throws IOException {
    Nulls.check(file, "write: file");
    Nulls.check(values, "write: values");
    Map<String, Object> all = new LinkedHashMap<>();
    all.put(FileChecksum.KEY, FileChecksum.BLANK);
    values.forEach(
        (name, value) -> {
          if (!name.equals(FileChecksum.KEY)) {
            all.put(name, value);
          }
        });
    byte[] bytes = WRITER.writeValueAsBytes(all);
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    FileChecksum.put(sum, bytes, FileChecksum.digitsAt(bytes));
    AtomicFile.write(file, out -> out.write(bytes));
  }

  /**
   * Reads an object.
   *
   * @param file where from
   * @return its entries
   * @throws IOException if it cannot be read, is no JSON object, or was changed since it was
   *     written; names the file
   */
  public static CheckedJson read(Path file) throws IOException {
    Nulls.check(file, "read: file");
    RegularFile.check(file, "a JSON object");
    long size = Files.size(file);
    if (size > MAX_SIZE) {
      throw new IOException(file + ": " + size + " bytes; at most " + MAX_SIZE + " are read");
    }
    HeapRoom room = HeapRoom.ofJvm();
    if (!room.fits(MEMORY * size)) {
      throw new IOException(file + ": " + room.lacking(size + " bytes of JSON", MEMORY * size));
    }
    byte[] bytes = FileProblem.bytes(file);
    JsonNode values;
    try {
      values = JSON.readTree(bytes);
    } catch (JacksonException e) {
      throw new IOException(file + ": not valid JSON (" + e.getOriginalMessage() + ")", e);
    } catch (CharConversionException e) {
      // Zeros among the first bytes make it look like UTF-32.
      throw new IOException(file + ": not valid JSON (" + e.getMessage() + ")", e);
    }
    if (!(values instanceof ObjectNode object)) {
      throw new IOException(file + ": no JSON object");
    }
    String stored = object.path(FileChecksum.KEY).asText();
    if (!FileChecksum.isOne(stored)) {
      if (FileChecksum.isLost(bytes, BEGINNING)) {
        throw new IOException(file + ": its beginning is damaged");
      }
      return new CheckedJson(object, false);
    }
    CRC32C sum = new CRC32C();
    sum.update(FileChecksum.blanked(bytes, FileChecksum.digitsAt(bytes)));
    if (!FileChecksum.text(sum).equals(stored)) {
      throw new IOException(
          file
              + ": was damaged or changed after it was written, as its checksum tells; if you"
              + " changed it and mean it, remove the entry \""
              + FileChecksum.KEY
              + "\"");
    }
    object.remove(FileChecksum.KEY);
    return new CheckedJson(object, true);
  }
}

package io.hypertape.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Small image files of every kind.
 *
 * @param file the file's bytes
 * @param height rows
 * @param width columns
 * @param crc32 checksum of the pixels [3, height, width] that Pillow finds in it
 */
record StoredImages(byte[] file, int height, int width, long crc32) {

  /** Made by src/test/python/images.py. */
  private static final Map<String, StoredImages> ALL = read();

  static Map<String, StoredImages> all() {
    return ALL;
  }

  static byte[] file(String name) {
    return ALL.get(name).file().clone();
  }

  private static Map<String, StoredImages> read() {
    Map<String, StoredImages> all = new LinkedHashMap<>();
    try (InputStream in = StoredImages.class.getResourceAsStream("images.json")) {
      for (Map.Entry<String, JsonNode> entry : new ObjectMapper().readTree(in).properties()) {
        JsonNode image = entry.getValue();
        all.put(
            entry.getKey(),
            new StoredImages(
                Base64.getDecoder().decode(image.path("file").asText()),
                image.path("height").asInt(),
                image.path("width").asInt(),
                image.path("crc32").asLong()));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return all;
  }
}

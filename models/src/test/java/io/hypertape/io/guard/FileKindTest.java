package io.hypertape.io.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.io.Safetensors;
import io.hypertape.io.SafetensorsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileKindTest {

  @TempDir private Path folder;

  private static byte[] latin(String text) {
    return text.translateEscapes().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String kind(byte[] head) {
    return FileKind.of(head).map(FileKind::toString).orElse("unknown");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "<!DOCTYPE html>\\n<html>|a web page (HTML)",
        "\\n  <HTML lang=en>|a web page (HTML)",
        "<?xml version=\"1.0\"?><Error><Code>NoSuchKey|XML, such as an error",
        "version https://git-lfs.github.com/spec/v1\\noid sha256:4d7a|a pointer that Git LFS left",
        "\\200\\2\\212\\nl\\374\\234F\\371 j\\250P\\31.|a Python pickle",
        "\\200\\2}q\\1(X\\13\\0\\0\\0batch_labelq|a Python pickle",
        "\\200\\4\\225\\30\\0\\0\\0\\0\\0\\0\\0}\\224|a Python pickle",
        "\\211HDF\\r\\n\\32\\n\\0|HDF5",
        "GGUF\\3\\0\\0\\0|GGUF",
        "\\223NUMPY\\1\\0v\\0{'descr'|a NumPy array",
        "\\10\\7\\22\\7pytorch\\32\\0052.1.0|an ONNX model",
        "\\34\\0\\0\\0TFL3|a model of TensorFlow Lite",
        "\\377\\376a\\0|UTF-16",
        "\\211PNG\\r\\n\\32\\n|a PNG image",
        "\\377\\330\\377\\340|a JPEG image",
        "\\0\\0\\b\\3\\0\\0\\352`|IDX images",
        "{\"metadata\": {}, \"weight_map\": {}}|the index (JSON) of weights in several files",
        "Entry not found|a text that begins with 'Entry not found'",
        "404: Not Found\\nmore|a text that begins with '404: Not Found'",
        "\\13\\0\\0\\0\\0\\0\\0\\0{\\\"a\\\"|a safetensors file",
        "\\0\\0\\0\\0\\0\\0\\0\\0|unknown"
      })
  void isToldByTheFirstBytes(String head, String kind) {
    assertTrue(kind(latin(head)).startsWith(kind), kind(latin(head)));
  }

  @Test
  void anEmptyFile() {
    assertEquals("an empty file", kind(new byte[0]));
  }

  private static byte[] zip(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : names) {
        ZipEntry entry = new ZipEntry(name);
        // As PyTorch does it: nothing is compressed.
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(3);
        CRC32 sum = new CRC32();
        sum.update(new byte[3]);
        entry.setCrc(sum.getValue());
        zip.putNextEntry(entry);
        zip.write(new byte[3]);
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void zipArchivesAreToldByTheirFirstFile() throws IOException {
    assertEquals(
        "a zip archive with a pickle, as PyTorch's torch.save writes it",
        kind(zip("archive/data.pkl", "archive/data/0")));
    assertEquals("a zip archive of NumPy arrays (.npz)", kind(zip("arr_0.npy")));
    assertEquals("a zip archive", kind(zip("letter.docx")));
    for (int n = 4; n < 40; n++) {
      assertTrue(kind(Arrays.copyOf(zip("letter.docx"), n)).startsWith("a zip archive"));
    }
  }

  @Test
  void compressedFilesAndArchives() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(1);
    }
    assertEquals("compressed with gzip", kind(bytes.toByteArray()));
    byte[] tar = new byte[FileKind.HEAD];
    System.arraycopy(latin("ustar"), 0, tar, 257, 5);
    assertEquals("a tar archive", kind(tar));
  }

  /** What is shown of a text can do a terminal no harm, and a character is not cut in two. */
  @Test
  void textsAreShownShortened() {
    assertEquals(
        "a text that begins with 'a?b'", kind("a\u202eb\n".getBytes(StandardCharsets.UTF_8)));
    assertEquals("unknown", kind("a\u001b[31m".getBytes(StandardCharsets.UTF_8)));
    byte[] head = Arrays.copyOf("ä".repeat(600).substring(1).getBytes(StandardCharsets.UTF_8), 511);
    byte[] odd = new byte[FileKind.HEAD];
    odd[0] = 'x';
    System.arraycopy(head, 0, odd, 1, 511);
    assertEquals("a text that begins with 'x" + "ä".repeat(39) + "…'", kind(odd));
    assertEquals("unknown", kind(latin("\\344\\344")));
  }

  @Test
  void itIsSaidWhatToDo() throws IOException {
    FileKind torch = FileKind.of(zip("archive/data.pkl")).orElseThrow();
    String weights = torch.insteadOfWeights(Path.of("m.bin"));
    assertTrue(weights.contains("a safetensors file is expected; in Python, safetensors.torch"));
    assertTrue(weights.contains("weights_only=True"), weights);
    assertTrue(weights.contains("torch.load(\"m.bin\""), weights);
    FileKind pointer = FileKind.of(latin("version https://git-lfs")).orElseThrow();
    assertEquals(
        "a pointer that Git LFS left in the file's place; git lfs pull brings the file itself",
        pointer.insteadOfData());
  }

  /** Before, a PyTorch file was "a header of 67324752 bytes". */
  @Test
  void weightsOfOtherKindsAreNamed() throws IOException {
    for (Map.Entry<String, byte[]> other :
        Map.of(
                "as PyTorch's torch.save writes it; a safetensors file is expected",
                zip("archive/data.pkl"),
                "a web page (HTML)",
                latin("<!doctype html>"),
                "a pointer that Git LFS left in the file's place; a safetensors file is expected",
                latin("version https://git-lfs.github.com/spec/v1\\n"),
                "an empty file; a safetensors file is expected",
                new byte[0],
                "a text that begins with 'Hi'",
                latin("Hi"))
            .entrySet()) {
      Path file = Files.write(folder.resolve("model.bin"), other.getValue());
      var e = assertThrows(SafetensorsException.class, () -> Safetensors.read(file));
      assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
      assertTrue(e.getMessage().contains(other.getKey()), e.getMessage());
    }
    // Large enough for the header of 67324752 bytes that a zip archive seems to have.
    byte[] large = Arrays.copyOf(zip("archive/data.pkl"), 67_400_000);
    Arrays.fill(large, 4, 8, (byte) 0);
    Path file = Files.write(folder.resolve("large.bin"), large);
    var e = assertThrows(SafetensorsException.class, () -> Safetensors.read(file));
    assertTrue(e.getMessage().contains("as PyTorch's torch.save writes it"), e.getMessage());
    assertEquals(Optional.empty(), FileKind.of(new byte[] {0, 1, 2, 3}));
  }
}

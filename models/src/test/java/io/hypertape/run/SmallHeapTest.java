package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.data.Cifar10;
import io.hypertape.data.Idx;
import io.hypertape.data.ImageFolder;
import io.hypertape.data.TextCorpus;
import io.hypertape.io.Safetensors;
import io.hypertape.io.SafetensorsFile;
import io.hypertape.io.guard.CheckedJson;
import io.hypertape.run.folder.MetricsCsv;
import io.hypertape.trace.TraceReader;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Small files that unpack, or claim to unpack, to more than the heap holds are refused in words.
 */
@Execution(ExecutionMode.CONCURRENT)
class SmallHeapTest {

  private static final int HEAP = 48;

  @TempDir private Path folder;

  /** Reads a file of a name. */
  @FunctionalInterface
  private interface Reader {
    void read(Path file) throws IOException;
  }

  private static Map<String, Reader> readers() {
    Map<String, Reader> readers = new LinkedHashMap<>();
    readers.put("many", file -> ImageFolder.load(file, 1));
    readers.put("large", file -> ImageFolder.load(file, 1));
    readers.put("scaled", file -> ImageFolder.load(file, 1, 3000));
    readers.put("text.gz", TextCorpus::load);
    readers.put("text.txt", TextCorpus::load);
    readers.put("images.gz", Idx::readImages);
    readers.put("labels.gz", file -> Idx.readLabels(file, 10));
    readers.put("cifar.tar.gz", Cifar10::load);
    readers.put("narrow.safetensors", Safetensors::read);
    readers.put(
        "single.safetensors",
        file -> {
          try (SafetensorsFile in = SafetensorsFile.open(file)) {
            in.longs("x");
          }
        });
    readers.put("names.safetensors", file -> SafetensorsFile.open(file).close());
    readers.put("trace.json", TraceReader::read);
    readers.put("config.json", CheckedJson::read);
    readers.put("metrics.csv", file -> MetricsCsv.goBack(file, 1));
    return readers;
  }

  /** The child: reads all of them, and tells of each in a line what became of it. */
  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    readers()
        .forEach(
            (name, reader) -> {
              try {
                reader.read(folder.resolve(name));
                out.println(name + "\tREAD");
              } catch (IOException e) {
                out.println(name + "\t" + e.getMessage());
              } catch (Error e) {
                out.println(name + "\t" + e);
              }
            });
  }

  private void gzip(String name, byte[] head, int value, int count) throws IOException {
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve(name)), 1 << 16)) {
      out.write(head);
      byte[] chunk = new byte[1 << 16];
      Arrays.fill(chunk, (byte) value);
      for (int left = count; left > 0; left -= chunk.length) {
        out.write(chunk, 0, Math.min(left, chunk.length));
      }
    }
  }

  private void safetensors(String name, String header, int data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(folder.resolve(name), bytes.putLong(json.length).put(json).array());
  }

  private void images(String name, int side, int count) throws IOException {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
    Path first = folder.resolve(name).resolve("a/0.png");
    Files.createDirectories(first.getParent());
    Files.createDirectories(folder.resolve(name).resolve("b"));
    assertTrue(ImageIO.write(image, "png", first.toFile()));
    for (int i = 1; i < count; i++) {
      Files.copy(first, folder.resolve(name).resolve(i % 2 == 0 ? "a" : "b").resolve(i + ".png"));
    }
  }

  private void plantImages() throws IOException {
    images("many", 1500, 20);
    images("large", 4000, 4);
    images("scaled", 4000, 4);
  }

  private void plant() throws IOException {
    gzip("text.gz", new byte[0], 'a', 8 << 20);
    Files.writeString(folder.resolve("text.txt"), "a".repeat(8 << 20));
    byte[] head =
        ByteBuffer.allocate(16).putInt(0x803).putInt(60_000).putInt(28).putInt(28).array();
    gzip("images.gz", head, 0, 60_000 * 784);
    gzip("labels.gz", ByteBuffer.allocate(8).putInt(0x801).putInt(40 << 20).array(), 0, 40 << 20);
    gzip("cifar.tar.gz", new byte[0], 0, 1 << 20);
    int bytes = 12 << 20;
    String tensor = "{\"x\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]}}";
    safetensors("narrow.safetensors", String.format(Locale.ROOT, tensor, bytes, bytes), bytes);
    safetensors(
        "single.safetensors", String.format(Locale.ROOT, tensor, bytes / 2, bytes / 2), bytes / 2);
    StringBuilder names = new StringBuilder("{");
    for (int i = 0; i < 90_000; i++) {
      names.append(i == 0 ? "" : ",").append('"').append(i);
      names.append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
    }
    safetensors("names.safetensors", names + "}", 0);
    String objects = "{},".repeat(1 << 19);
    Files.writeString(folder.resolve("trace.json"), "[" + objects + "1]");
    Files.writeString(folder.resolve("config.json"), "{\"a\":[" + objects + "1]}");
    Files.writeString(folder.resolve("metrics.csv"), "a,b\n" + "0,0\n".repeat(1 << 20));
  }

  @Test
  void bombsAreRefusedInWordsAndNotByRunningOutOfMemory() throws Exception {
    plantImages();
    plant();
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + HEAP + "m",
            "-XX:TieredStopAtLevel=1",
            "-Djava.awt.headless=true",
            "-cp",
            System.getProperty("java.class.path"),
            SmallHeapTest.class.getName(),
            folder.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    for (String name : readers().keySet()) {
      List<String> told = text.lines().filter(line -> line.startsWith(name + "\t")).toList();
      assertEquals(1, told.size(), text);
      String message = told.getFirst().substring(name.length() + 1);
      assertTrue(message.matches(".* need [0-9]+\\.[0-9] MiB; the heap has room for .*"), text);
      if (!name.equals("many") && !name.equals("scaled")) {
        assertTrue(message.startsWith(folder.resolve(name).toString()), message);
      }
    }
  }

  /** The same sizes are read where there is room. */
  @Test
  void whereThereIsRoomTheSameIsRead() throws IOException {
    plant();
    Map<String, Reader> readers = readers();
    for (String name :
        List.of(
            "text.gz",
            "images.gz",
            "labels.gz",
            "narrow.safetensors",
            "single.safetensors",
            "names.safetensors",
            "config.json",
            "metrics.csv")) {
      readers.get(name).read(folder.resolve(name));
    }
    assertEquals((8 << 20) / 10 * 8 + 6, TextCorpus.load(folder.resolve("text.gz")).train().length);
  }
}

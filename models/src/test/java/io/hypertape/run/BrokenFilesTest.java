package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.data.Cifar10;
import io.hypertape.data.Idx;
import io.hypertape.data.ImageFolder;
import io.hypertape.data.Mnist;
import io.hypertape.data.TextCorpus;
import io.hypertape.io.FloatArray;
import io.hypertape.io.Safetensors;
import io.hypertape.io.SafetensorsFile;
import io.hypertape.io.guard.AtomicFile;
import io.hypertape.io.guard.CheckedJson;
import io.hypertape.io.guard.FileProblem;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.run.folder.MetricsCsv;
import io.hypertape.run.folder.RunFolder;
import io.hypertape.trace.TraceReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever cannot read or write a file names it, and names it once. */
class BrokenFilesTest {

  /** A file that can be opened, and of which reading the first bytes is an error (Linux). */
  private static final Path UNREADABLE = Path.of("/proc/self/mem");

  @TempDir private Path folder;
  private final List<String> wrong = new ArrayList<>();
  private int told;

  /** Reads or writes a file of a name. */
  @FunctionalInterface
  private interface Use {
    void of(Path file) throws IOException;
  }

  private void check(String what, Path file, Use use) {
    String message;
    try {
      use.of(file);
      message = "(no error)";
    } catch (IOException e) {
      message = FileProblem.line(e);
    } catch (RuntimeException e) {
      message = "(" + e + ")";
    }
    told++;
    // A command that is advised may name it as well.
    message = message.replace("torch.load(\"" + file + "\"", "torch.load(\"…\"");
    int first = message.indexOf(file.toString());
    if (message.startsWith("(") || first < 0 || message.indexOf(file.toString(), first + 1) >= 0) {
      wrong.add(what + ": " + message);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] changed(byte[] bytes, int at) {
    byte[] other = bytes.clone();
    other[at] ^= 0x55;
    return other;
  }

  /** What is never right, whatever is expected. */
  private static Map<String, byte[]> broken() throws IOException {
    byte[] zipped = gzip(new byte[1000]);
    Map<String, byte[]> broken = new LinkedHashMap<>();
    broken.put("empty", new byte[0]);
    broken.put("a byte", new byte[1]);
    broken.put("zeros", new byte[100]);
    broken.put("ones", ByteBuffer.allocate(100).putLong(-1).putLong(-1).array());
    broken.put("a page", utf8("<!DOCTYPE html><title>404</title>"));
    broken.put("a pointer", utf8("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n"));
    broken.put("a pickle", new byte[] {(byte) 0x80, 2, '}', 'q', 1, '(', 'X', 11});
    broken.put("no UTF-8", new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}', '\n', 'a', 'b'});
    broken.put("UTF-16", "{\"a\":1, \"b\":\n2}".getBytes(StandardCharsets.UTF_16));
    broken.put("UTF-32", new byte[] {0, 0, 0, '{', 0, 0, 1, '"', 7, 7, 7, 7});
    broken.put("unclosed", utf8("{\"a\":"));
    broken.put("a list", utf8("[1,2,3]"));
    broken.put("the head of gzip", new byte[] {0x1f, (byte) 0x8b});
    broken.put("an unknown gzip", new byte[] {0x1f, (byte) 0x8b, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    broken.put("gzip that is cut off", Arrays.copyOf(zipped, zipped.length - 3));
    broken.put("gzip of another checksum", changed(zipped, zipped.length - 6));
    broken.put("gzip that is damaged", changed(zipped, 12));
    return broken;
  }

  private Map<String, Use> readers() {
    Map<String, Use> readers = new LinkedHashMap<>();
    readers.put("images", Idx::readImages);
    readers.put("labels", file -> Idx.readLabels(file, 10));
    readers.put("text", TextCorpus::load);
    readers.put("archive", Cifar10::load);
    readers.put("file of safetensors", file -> SafetensorsFile.open(file).close());
    readers.put("safetensors", Safetensors::read);
    readers.put("checkpoint", this::checkpoint);
    readers.put("weights", this::weights);
    readers.put("state", RunState::read);
    readers.put("trace", TraceReader::read);
    readers.put("JSON", CheckedJson::read);
    readers.put("metrics", file -> MetricsCsv.append(file, List.of("step", "loss")).close());
    return readers;
  }

  private void checkpoint(Path file) throws IOException {
    try (Session session = Session.open(Device.REFERENCE)) {
      Checkpoint.read(session, file);
    }
  }

  private void weights(Path file) throws IOException {
    try (Session session = Session.open(Device.REFERENCE)) {
      Checkpoint.load(session, file, Mlp.create(session, MlpSpec.tanh(3, 2), 1));
    }
  }

  @Test
  void whoeverReads() throws IOException {
    for (Map.Entry<String, Use> reader : readers().entrySet()) {
      for (Map.Entry<String, byte[]> broken : broken().entrySet()) {
        Path file = Files.write(folder.resolve("file"), broken.getValue());
        boolean read =
            reader.getKey().equals("JSON") && broken.getKey().equals("UTF-16")
                || reader.getKey().equals("text")
                    && List.of("zeros", "a page").contains(broken.getKey());
        if (!read) {
          check(reader.getKey() + " of " + broken.getKey(), file, reader.getValue());
        }
      }
      if (!reader.getKey().equals("metrics")) {
        check(reader.getKey() + " of nothing", folder.resolve("none"), reader.getValue());
      }
      if (Files.exists(UNREADABLE)) {
        check(reader.getKey() + " of an error", UNREADABLE, reader.getValue());
      }
      check(reader.getKey() + " of a folder", folder, reader.getValue());
    }
    assertEquals("", String.join("\n", wrong));
  }

  private static byte[] safetensors(String header, int data) {
    byte[] json = utf8(header);
    return ByteBuffer.allocate(8 + json.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  @Test
  void filesOfWeights() throws IOException {
    String f32 = "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
    for (String header :
        List.of(
            "{}",
            "{\"x\":" + f32 + "}",
            "{\"x\":7}",
            "{\"x\":{}}",
            "{\"__metadata__\":{\"model\":\"mlp\"},\"fc.weight\":" + f32 + "}",
            "{\"__metadata__\":{\"model\":\"cnn\"},\"conv1.weight\":" + f32 + "}",
            "{\"__metadata__\":{\"model\":\"resnet20\"},\"conv1.weight\":" + f32 + "}",
            "{\"__metadata__\":{\"model\":\"resnet21\"},\"conv1.weight\":" + f32 + "}",
            "{\"__metadata__\":{\"model\":\"char-lstm\"},\"embedding.weight\":" + f32 + "}",
            "{\"__metadata__\":{\"model\":\"gpt\"},\"x\":" + f32 + "}",
            "{\"__metadata__\":{\"tower\":\"sgd(\",\"steps\":\"x\"},\"x\":" + f32 + "}",
            "{\"__metadata__\":7,\"x\":" + f32 + "}",
            "{\"x\":{\"dtype\":\"F6_E2M3\",\"shape\":[16],\"data_offsets\":[0,12]}}",
            "{\"x\":{\"dtype\":\"F99\",\"shape\":[1],\"data_offsets\":[0,4]}}")) {
      int data = header.contains("[0,12]") ? 12 : header.contains("[0,4]") ? 4 : 0;
      Path file = Files.write(folder.resolve("m.safetensors"), safetensors(header, data));
      check("checkpoint " + header, file, this::checkpoint);
      check("weights " + header, file, this::weights);
      check("state " + header, file, RunState::read);
    }
    assertEquals("", String.join("\n", wrong));
  }

  @Test
  void traces() throws IOException {
    Path file = folder.resolve("trace.json");
    String model = "\"model\":{\"sizes\":[2,2],\"activations\":[\"tanh\"]}";
    String tower = "\"tower\":[{\"optimizer\":\"sgd\"}]";
    String batches = "\"batches\":[{\"x\":[1,2],\"y\":[1]}]";
    for (String json :
        List.of(
            "{}",
            "{\"model\":{\"sizes\":[2,1.5]}}",
            "{\"model\":{\"sizes\":[2],\"activations\":[\"x\"]}}",
            "{" + model + "}",
            "{" + model + ",\"tower\":[]," + batches + ",\"steps\":[]}",
            "{" + model + ",\"tower\":[{\"optimizer\":\"x\"}]}",
            "{" + model + ",\"tower\":[{\"optimizer\":\"sgd\",\"alpha\":\"x\"}]}",
            "{" + model + "," + tower + ",\"batches\":[]}",
            "{" + model + "," + tower + ",\"batches\":[{\"x\":[1],\"y\":[1]}]}",
            "{" + model + "," + tower + ",\"batches\":[{\"x\":[1,{}],\"y\":[1]}]}",
            "{" + model + "," + tower + ",\"batches\":[{\"x\":[1,2],\"y\":[7]}]}",
            "{" + model + "," + tower + "," + batches + ",\"steps\":[{}]}",
            "{" + model + "," + tower + "," + batches + ",\"steps\":[],\"initial\":7}")) {
      Files.writeString(file, json);
      check(json, file, TraceReader::read);
    }
    assertEquals("", String.join("\n", wrong));
  }

  @Test
  void foldersOfData() throws IOException {
    Path pets = folder.resolve("pets");
    for (String name : List.of("a/1.png", "a/2.png", "b/1.png", "b/2.png")) {
      Files.createDirectories(pets.resolve(name).getParent());
      var image = new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB);
      ImageIO.write(image, "png", pets.resolve(name).toFile());
    }
    Path odd = pets.resolve("a/1.png");
    byte[] right = Files.readAllBytes(odd);
    byte[] cut = Arrays.copyOf(right, right.length - 5);
    byte[] jpeg = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xE0, 0, 4, 1};
    for (byte[] bytes : List.of(cut, changed(right, 20), changed(right, 45), jpeg, new byte[0])) {
      Files.write(odd, bytes);
      check("image", odd, file -> ImageFolder.load(pets, 1));
      check("scaled image", odd, file -> ImageFolder.load(pets, 1, 4));
    }
    for (String name : List.of("none", "pets/a/2.png")) {
      check("images " + name, folder.resolve(name), file -> ImageFolder.load(file, 1));
      check("mnist " + name, folder.resolve(name), Mnist::load);
      check("cifar " + name, folder.resolve(name), Cifar10::load);
    }
    Path bare = Files.createDirectory(folder.resolve("bare"));
    check("images", bare, file -> ImageFolder.load(file, 1));
    check("mnist", bare, Mnist::load);
    check("cifar", bare, Cifar10::load);
    check("run", bare, file -> RunFolder.open(file));
    check("run", folder.resolve("none"), file -> RunFolder.open(file));
    check("run", odd, file -> RunFolder.create(file));
    assertEquals("", String.join("\n", wrong));
  }

  private Map<String, Use> writers(Session session) {
    Map<String, Use> writers = new LinkedHashMap<>();
    float[] values = {1};
    Safetensors tensors =
        new Safetensors(Map.of("x", new FloatArray(new int[] {1}, values)), Map.of());
    Mlp model = Mlp.create(session, MlpSpec.tanh(3, 2), 1);
    writers.put("bytes", file -> AtomicFile.write(file, out -> out.write(1)));
    writers.put("JSON", file -> CheckedJson.write(file, Map.of("a", 1)));
    writers.put("safetensors", tensors::write);
    writers.put("checkpoint", file -> Checkpoint.write(file, model, Map.of()));
    writers.put("metrics", file -> new MetricsCsv(file, List.of("step")).close());
    return writers;
  }

  @Test
  void whoeverWrites() throws IOException {
    Path taken = Files.write(folder.resolve("taken"), new byte[1]);
    Path full = Files.createDirectories(folder.resolve("full/within")).getParent();
    try (Session session = Session.open(Device.REFERENCE)) {
      for (Map.Entry<String, Use> writer : writers(session).entrySet()) {
        check(writer.getKey() + " in a file", taken.resolve("x"), writer.getValue());
        check(writer.getKey() + " over a folder", full, writer.getValue());
      }
    }
    assertEquals("", String.join("\n", wrong));
    assertEquals(10, told);
  }
}

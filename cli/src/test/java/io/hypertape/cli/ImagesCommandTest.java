package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.run.Checkpoint;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders of images on the command line: what is learned of their classes, and what is refused. */
class ImagesCommandTest {

  @TempDir private Path folder;
  private String out;
  private String err;

  private int run(String... args) {
    CommandResult result = CommandResult.of(args);
    out = result.out();
    err = result.err();
    assertTrue((out + err).chars().noneMatch(c -> Character.isISOControl(c) && c != '\n'), out);
    return result.status();
  }

  private int on(String command, Path data, String... more) {
    List<String> args = new ArrayList<>(List.of(command));
    args.addAll(List.of("--backend", "cpu", "--threads", "1", "--data", "images", "--data-dir"));
    args.add(data.toString());
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  private void assertRefused(int status, String part) {
    assertTrue(err.contains("hypertape: "), err);
    assertTrue(err.contains(part), err);
    assertFalse(err.contains("\tat "), err);
    assertEquals(1, status, err);
  }

  /** Ten images a class; the first one's are the darkest. */
  private Path pictures(String name, String... classes) throws IOException {
    Path place = folder.resolve(name);
    for (int k = 0; k < classes.length; k++) {
      Files.createDirectories(place.resolve(classes[k]));
      for (int i = 0; i < 10; i++) {
        BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
        for (int p = 0; p < 16; p++) {
          image.getRaster().setSample(p % 4, p / 4, 0, 200 * k / (classes.length - 1) + 2 * i + p);
        }
        ImageIO.write(image, "png", place.resolve(classes[k]).resolve(i + ".png").toFile());
      }
    }
    return place;
  }

  private Path trained(Path data) {
    Path run = folder.resolve("run");
    int status =
        on(
            "train",
            data,
            "--model",
            "mlp",
            "--hidden",
            "8",
            "--epochs",
            "10",
            "--batch",
            "8",
            "--optimizer",
            "adam(3e-2)",
            "--out",
            run.toString());
    assertEquals(0, status, err);
    assertTrue(out.contains("test error 0.00%, saved in"), out);
    return run;
  }

  private Map<String, String> metadata(Path file) throws IOException {
    try (Session session = Session.open(Device.CPU)) {
      return new HashMap<>(Checkpoint.read(session, file).metadata());
    }
  }

  /** The model with another word about its classes; none if that is empty. */
  private void rename(Path file, String classes) throws IOException {
    try (Session session = Session.open(Device.CPU)) {
      Checkpoint stored = Checkpoint.read(session, file);
      Map<String, String> notes = new HashMap<>(stored.metadata());
      notes.remove("classes");
      if (!classes.isEmpty()) {
        notes.put("classes", classes);
      }
      Checkpoint.write(file, stored.model(), notes);
    }
  }

  @Test
  void namesOfClassesAreStoredAndCompared() throws IOException {
    Path data = pictures("pets", "cat", "dog");
    Path run = trained(data);
    Path model = run.resolve("model.safetensors");
    assertEquals("[\"cat\",\"dog\"]", metadata(model).get("classes"));
    assertTrue(
        Files.readString(run.resolve("config.json"))
            .contains("\"classes\" : [ \"cat\", \"dog\" ]"));
    assertEquals(0, on("evaluate", data, run.toString()), err);
    assertEquals(
        List.of("  class  images   error", "  cat         2   0.00%", "  dog         2   0.00%"),
        out.lines().skip(1).toList());
    assertTrue(out.startsWith(model + " on pets test: 4 images, test loss "), out);

    // As many classes, in the same order, but others.
    int status = on("evaluate", pictures("others", "dog", "xcat"), run.toString());
    assertRefused(
        status,
        model
            + ": the model was trained on other classes than others test has: it does not know"
            + " xcat, and the data lack cat; it knows cat, dog");
    assertEquals("", out);
    status = on("evaluate", pictures("more", "cat", "dog", "fox"), run.toString());
    assertRefused(status, "it does not know fox; it knows cat, dog");
    status = run("generate", run.toString());
    assertRefused(status, "mlp is no language model, but tells apart cat, dog; char-lstm is one");
  }

  @Test
  void classesAreFoundByTheirNames() throws IOException {
    Path data = pictures("pets", "cat", "dog");
    Path run = trained(data);
    Path model = run.resolve("model.safetensors");
    rename(model, "[\"dog\",\"cat\"]");
    assertEquals(0, on("evaluate", data, run.toString()), err);
    assertTrue(out.contains("test error 100.00%"), out);
    assertTrue(out.contains("  dog         2 100.00%\n  cat         2 100.00%"), out);
    // An older file says nothing of them.
    rename(model, "");
    assertEquals(0, on("evaluate", data, run.toString()), err);
    assertTrue(out.contains("test error 0.00%"), out);
    assertTrue(err.contains("names no classes; those of pets are told by their order"), err);
    int status = on("evaluate", pictures("more", "cat", "dog", "fox"), run.toString());
    assertRefused(status, "mlp for inputs of [16] and 2 classes; more has [16] and 3");
  }

  @Test
  void namesThatAreNoneAreRefused() throws IOException {
    Path data = pictures("pets", "cat", "dog");
    Path run = trained(data);
    Path model = run.resolve("model.safetensors");
    for (String classes :
        List.of("cat,dog", "[\"cat\"]", "[\"cat\",7]", "{}", "[\"cat\",\"cat\"]", "[", "[]")) {
      rename(model, classes);
      int status = on("evaluate", data, run.toString());
      assertRefused(status, model + ": metadata classes: ");
    }
  }

  @Test
  void namesDoNotSteerTheTerminal() throws IOException {
    Path data = pictures("pets", "a\u001b[2J", "b\rc");
    Path run = trained(data);
    assertEquals(0, on("evaluate", data, run.toString()), err);
    assertTrue(out.contains("  a\\u001b[2J       2   0.00%\n  b\\u000dc         2   0.00%"), out);
    int status = on("evaluate", pictures("others", "a", "b\rc"), run.toString());
    assertRefused(status, "the data lack a\\u001b[2J; it knows a\\u001b[2J, b\\u000dc");
  }

  @Test
  void aRunGoesOnWithTheClassesThatItBeganWith() throws IOException {
    Path data = pictures("pets", "cat", "dog");
    Path run = trained(data);
    Files.move(data.resolve("cat"), data.resolve("ant"));
    int status = run("train", "--resume", run.toString(), "--epochs", "11");
    assertRefused(
        status, "the run has classes [\"cat\",\"dog\"], and now there is [\"ant\",\"dog\"]");
    // A run of a version that did not note them, nor a checksum.
    Path config = run.resolve("config.json");
    String noted = Files.readString(config).replaceFirst("\"checksum\"[^\n]*\n", "");
    Files.writeString(config, noted.replace("\"classes\"", "\"unknown\""));
    assertEquals(0, run("train", "--resume", run.toString(), "--epochs", "11"), err);
  }

  @ParameterizedTest
  @CsvSource({"0", "-5", "26755", "30000", "2147483647"})
  void sizesThatDoNotFit(String size) {
    int status = on("train", folder, "--image-size", size);
    assertEquals(2, status, err);
    assertTrue(err.contains("--image-size is " + size + "; 1 to 26754 fit"), err);
  }

  @Test
  void oneImageLeftForBatchNorm() throws IOException {
    Path data = pictures("pets", "cat", "dog");
    String out = folder.resolve("run").toString();
    int status = on("train", data, "--model", "resnet20", "--batch", "5", "--out", out);
    assertRefused(
        status,
        "pets: 16 images in batches of 5 leave one for the last; batch norm layer3.0.bn1.weight:"
            + " training takes two or more values a channel; a batch with 1 was given; batches of 4"
            + " or 6 fit");
  }
}

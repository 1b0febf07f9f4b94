package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command says of wrong usage, of what is missing, and of itself. */
class CommandLineTest extends CommandProcesses {

  @Test
  void aCommandIsNeeded() throws Exception {
    run().assertFails(2, "a command is needed");
    run("trian").assertFails(2, "Unmatched argument");
  }

  /** In this process, as there are many. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train --epochs 0|epochs is 0",
        "train --epochs x|--epochs",
        "train --batch -1|--batch is -1",
        "train --hidden 12,x|'12,x' is no list of sizes",
        "train --activation gelu|unknown activation 'gelu'",
        "train --data cifar|unknown data set 'cifar'; known are strokes, mnist, cifar10, images, text",
        "train --backend gpu|--backend",
        "train --threads 5000|threads",
        "train --model lstm|known are mlp, cnn, resnet20, resnet32, resnet56, char-lstm",
        "train --model char-lstm --data mnist|char-lstm is a model of text; --data mnist are images",
        "train --model cnn --data text|cnn is a model of images; --data text is for char-lstm",
        "train --data text|--data text needs the text's file, --data-file FILE",
        "train --model char-lstm|--data text needs the text's file",
        "train --data images|--data images needs the images' folder, --data-dir DIR",
        "train --data strokes --data-dir x|--data-dir has no meaning for strokes",
        "train --data mnist --image-size 8|--image-size is for --data images, not for mnist",
        "train --data images --data-dir x --image-size 0|--image-size is 0",
        "train --limit 0|--limit is 0",
        "train --data images --data-dir x --limit 5|--limit is for strokes, mnist and cifar10",
        "train --model resnet20 --hidden 3|--hidden is for mlp and char-lstm",
        "train --layers 2|--layers is for char-lstm, not for --model mlp",
        "train --data text --data-file x --activation relu|--activation is for mlp",
        "train --data text --data-file x --augment none|--augment is for models of images",
        "train --data text --data-file x --hidden 3,4|'3,4' is no number of units",
        "train --data text --data-file x --layers 0|--layers is 0",
        "train --data text --data-file x --dropout 1|--dropout is 1.0",
        "train --data text --data-file x --demo|--demo is for --model mlp",
        "train --augment flip|unknown augmentation 'flip'; known are none, crop-and-flip",
        "train --steps 0|steps is 0",
        "train --demo --steps 5|--demo compares whole epochs",
        "train --schedule step(10)|unexpected ')'; ',' is needed",
        "train --schedule cosine --optimizer sgd(0.1)schedule=cosine|has a schedule already, cosine",
        "train --clip 0|--clip",
        "train --optimizer sgd(0.1,decay=-1)|decay",
        "generate|MODEL",
        "generate x --length -1|--length is -1",
        "generate x --temperature -1|--temperature is -1",
        "train --frobnicate|Unknown option",
        "evaluate|MODEL",
        "trace|FILE|DIR"
      })
  void wrongUsage(String args, String part) {
    CommandResult.of(args.split(" ")).assertFails(2, part);
  }

  @Test
  void aBadTowerIsPointedAt() throws Exception {
    CommandResult result = run("train", "--optimizer", "adam(1e-3)/sdg(1e-5)");
    result.assertFails(2, "unknown optimizer 'sdg'");
    List<String> lines = result.err().lines().toList();
    int at = 0;
    while (!lines.get(at).contains("adam(1e-3)/sdg(1e-5)") || lines.get(at).contains("hypertape")) {
      at++;
    }
    assertEquals(
        lines.get(at).indexOf("sdg"),
        lines.get(at + 1).indexOf('^'),
        "the caret is below the error");
  }

  @Test
  void whatIsMissingOrDamagedIsNamed() throws Exception {
    run("train", "--data", "mnist", "--data-dir", "nowhere").assertFails(1, "nowhere: there is no");
    Path images = mnist.resolve("train-images-idx3-ubyte");
    byte[] whole = Files.readAllBytes(images);
    Files.write(images, Arrays.copyOf(whole, 1000));
    train("--out", folder.resolve("x").toString())
        .assertFails(
            1, images.toString(), "cut off: the header claims 470400 bytes, 984 are there");
    Files.write(images, "no such thing".getBytes());
    train("--out", folder.resolve("y").toString()).assertFails(1, "begins with 0x6e6f2073");
    run("evaluate", "none.safetensors").assertFails(1, "none.safetensors: there is no such file");
    Path model = folder.resolve("m.safetensors");
    Files.write(model, new byte[] {-1, -1, -1, -1, -1, -1, -1, 127, 0});
    run("evaluate", model.toString())
        .assertFails(1, "claims a header of 9223372036854775807 bytes");
    Path trace = folder.resolve("t.json");
    Files.writeString(trace, "{}");
    CommandResult result = run("trace", trace.toString());
    assertEquals(1, result.status());
    assertTrue(result.out().contains("field 'model' is missing"), result.out());
    assertTrue(result.out().contains("0 of 1 cases pass"), result.out());
    Files.createDirectory(folder.resolve("empty"));
    run("trace", "empty").assertFails(2, "no *.json in this folder");
    CommandResult missing = run("trace", "none.json");
    assertEquals(1, missing.status());
    assertTrue(missing.out().contains("none.json: there is no such file"), missing.out());
  }

  @Test
  void verboseShowsTheStack() throws Exception {
    CommandResult result = run("evaluate", "none", "--verbose");
    assertEquals(1, result.status());
    assertTrue(result.err().contains("\tat "), result.err());
  }

  @Test
  void doctorSaysWhatItFound() throws Exception {
    CommandResult result = result(process(List.of(), "doctor").start()).assertDone();
    for (String part : List.of("Java", "Processors:", "GFLOP/s", "CUDA", "libcuda.so.1")) {
      assertTrue(result.out().contains(part), result.out());
    }
  }

  @Test
  void help() throws Exception {
    CommandResult result = run("train", "--help").assertDone();
    for (String option : List.of("--optimizer", "--data-dir", "--demo", "--threads", "--seed")) {
      assertTrue(result.out().contains(option), result.out());
    }
    assertTrue(run("--version").assertDone().out().startsWith("hypertape "));
  }
}

package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hypertape.fuzz.InputFile;
import io.hypertape.fuzz.Promise;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Data sets, as a download may leave them. Compressed ones may unpack to much, not to any size. */
class DataFilesFuzzTest {

  /** What deflate packs into a byte at most, and what a text takes of memory a character. */
  private static final long UNPACKED = 1032 * 12;

  private static final Promise PROMISE =
      Promise.of(InvalidDataException.class).within(64L << 20, UNPACKED);

  @FuzzTest
  void idxImages(byte[] input) {
    Path file = InputFile.of("images-idx3-ubyte", input);
    PROMISE.keep(
        input,
        () -> {
          Idx.Images read = Idx.readImages(file);
          assertEquals((long) read.count() * read.height() * read.width(), read.pixels().length);
        });
  }

  @FuzzTest
  void idxLabels(byte[] input) {
    Path file = InputFile.of("labels-idx1-ubyte", input);
    PROMISE.keep(input, () -> Idx.readLabels(file, 10));
  }

  /** The third of six files; the others are whole. */
  @FuzzTest
  void cifarFiles(byte[] input) {
    Path folder = InputFile.folder("cifar");
    PROMISE.keep(
        input,
        () -> {
          for (int part = 1; part <= 5; part++) {
            byte[] whole = new byte[CifarPart.RECORD];
            Files.write(folder.resolve("data_batch_" + part + ".bin"), part == 3 ? input : whole);
          }
          Files.write(folder.resolve("test_batch.bin"), new byte[CifarPart.RECORD]);
          Cifar10.load(folder, 1);
        });
  }

  @FuzzTest
  void cifarArchive(byte[] input) {
    Path file = InputFile.of("cifar-10-binary.tar.gz", input);
    PROMISE.keep(input, () -> Cifar10.load(file, 1));
  }

  /** An archive of whatever files. */
  @FuzzTest
  void tar(byte[] input) {
    PROMISE.keep(
        input,
        () -> {
          TarReader reader = new TarReader(new ByteArrayInputStream(input), "archive");
          byte[] some = new byte[100];
          while (reader.next()) {
            reader.read(some, 0, some.length);
          }
        });
  }

  @FuzzTest
  void text(byte[] input) {
    Path file = InputFile.of("text.txt", input);
    PROMISE.keep(
        input,
        () -> {
          TextCorpus read = TextCorpus.load(file);
          checkSame(read.vocabulary());
          TextCorpus again = TextCorpus.load(file, read.vocabulary());
          assertEquals(new String(read.test()), new String(again.test()));
        });
  }

  @FuzzTest
  void vocabulary(byte[] input) {
    Promise.of(IllegalArgumentException.class)
        .keep(
            input,
            () -> {
              String characters = Promise.text(input);
              Vocabulary read = Vocabulary.ofCharacters(characters);
              assertEquals(characters, read.characters());
              checkSame(read);
            });
  }

  private static void checkSame(Vocabulary vocabulary) {
    assertEquals(vocabulary, Vocabulary.ofCharacters(vocabulary.characters()));
    for (int i = 0; i < vocabulary.size(); i++) {
      assertEquals(i, vocabulary.index(vocabulary.codePoint(i)));
    }
  }

  /** One image among others, which are whole. */
  @FuzzTest
  void imageFolder(byte[] input) throws IOException {
    Path folder = InputFile.folder("images");
    for (String name : new String[] {"cat", "dog"}) {
      Files.createDirectories(folder.resolve(name));
      Files.write(folder.resolve(name).resolve("whole.png"), SmallImage.PNG);
    }
    Files.write(folder.resolve("dog").resolve("tried.png"), input);
    ImagesFuzzTest.PROMISE.keep(input, () -> ImageFolder.load(folder, 1));
  }
}

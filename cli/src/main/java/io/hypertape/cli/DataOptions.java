package io.hypertape.cli;

import io.hypertape.cli.spi.ProgressBar;
import io.hypertape.cli.spi.Terminal;
import io.hypertape.data.Cifar10;
import io.hypertape.data.DataSplit;
import io.hypertape.data.DownloadProgress;
import io.hypertape.data.ImageFolder;
import io.hypertape.data.Mnist;
import io.hypertape.data.Strokes;
import io.hypertape.data.TextCorpus;
import io.hypertape.data.Vocabulary;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say what to learn from. */
final class DataOptions {

  /** The strokes are one data set, whatever else is random, and so is the split of a folder. */
  static final long DATA_SEED = 1;

  @Option(
      names = "--data",
      paramLabel = "strokes|mnist|cifar10|images|text|FILE.csv|FILE.parquet",
      description = {
        "strokes: digits that the program draws; mnist, cifar10: from --data-dir, or downloaded;"
            + " images: a folder with a sub-folder of PNG or JPEG files a class, in train/ and test/"
            + " or split 80:20; text: a UTF-8 file, split 80:10:10; FILE: a table, of which --label"
            + " names the columns to foretell",
        "(default: what the model is usually trained on; strokes for mlp and cnn, cifar10 for"
            + " resnets, text for char-lstm)"
      })
  private DataName name;

  @Option(
      names = {"--data-dir", "--data-file"},
      paramLabel = "PATH",
      description = "folder (or archive) of the data set, or the text's file")
  private Path place;

  @Option(
      names = "--image-size",
      paramLabel = "N",
      description =
          "for images: cut out the square in the middle and scale it to N×N pixels; photographs of"
              + " up to 268 megapixels are read then, and of 16.7 without it")
  private Integer imageSize;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "use only the first N training and N test images of strokes, mnist or cifar10")
  private Integer limit;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  private boolean mayDownload = true;

  DataOptions() {}

  /** What was named; null if nothing was. */
  DataKind named() {
    return name == null ? null : name.kind();
  }

  /** The table's file, if a table was named. */
  Optional<Path> table() {
    return name == null ? Optional.empty() : name.file();
  }

  /** A run's folder asks for the data, and not the user: that is no reason to use the network. */
  void downloadNothing() {
    mayDownload = false;
  }

  /** Settles what was not named, and refuses what does not fit. */
  void settle(String model, DataKind usual) {
    name = name == null ? DataName.of(usual) : name;
    DataKind kind = name.kind();
    if ((kind == DataKind.TABLE) != (usual == DataKind.TABLE)) {
      throw wrong(
          kind == DataKind.TABLE
              ? model + " is no model of a table; --data " + name + " is one"
              : model + " is a model of a table; --data " + name + " is none");
    }
    if (kind.isText() != usual.isText()) {
      throw wrong(
          kind.isText()
              ? model + " is a model of images; --data text is for char-lstm"
              : model + " is a model of text; --data " + kind + " are images");
    }
    if (place == null && (kind == DataKind.TEXT || kind == DataKind.IMAGES)) {
      throw wrong(
          kind.isText()
              ? "--data text needs the text's file, --data-file FILE"
              : "--data images needs the images' folder, --data-dir DIR");
    }
    if (place != null && kind == DataKind.TABLE) {
      throw wrong("--data-dir has no meaning for a table, whose file --data names");
    }
    if (place != null && kind == DataKind.STROKES) {
      throw wrong(
          "--data-dir has no meaning for strokes, which the program draws; --data names another"
              + " set");
    }
    if (imageSize != null && kind != DataKind.IMAGES) {
      throw wrong("--image-size is for --data images, not for " + kind);
    }
    if (imageSize != null && (imageSize < 1 || imageSize > ImageFolder.MAX_SIZE)) {
      throw wrong("--image-size is " + imageSize + "; 1 to " + ImageFolder.MAX_SIZE + " fit");
    }
    if (limit != null && (!kind.isLimited() || limit < 1)) {
      throw wrong(
          limit < 1
              ? "--limit is " + limit + "; at least 1 is needed"
              : "--limit is for strokes, mnist and cifar10, not for " + kind);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  DataSplit images(PrintStream err) throws IOException {
    DataKind kind = name.kind();
    return switch (kind) {
      case STROKES ->
          limit == null
              ? Strokes.generate(DATA_SEED)
              : Strokes.generate(
                  DATA_SEED, Math.min(limit, Strokes.TRAIN), Math.min(limit, Strokes.TEST));
      case MNIST ->
          limited(
              place != null
                  ? Mnist.load(place, err::println)
                  : download(Mnist.cacheFolder(), Mnist::download, err));
      case CIFAR10 ->
          limited(
              place != null
                  ? Cifar10.load(place, err::println)
                  : download(Cifar10.cacheFolder(), Cifar10::download, err));
      case IMAGES -> ImageFolder.load(place, DATA_SEED, imageSize == null ? 0 : imageSize);
      case TEXT, TABLE -> throw new IllegalStateException(kind + " has no images");
    };
  }

  private DataSplit limited(DataSplit whole) {
    return limit == null
        ? whole
        : new DataSplit(whole.name(), whole.train().first(limit), whole.test().first(limit));
  }

  TextCorpus text() throws IOException {
    return TextCorpus.load(place);
  }

  TextCorpus text(Vocabulary vocabulary) throws IOException {
    return TextCorpus.load(place, vocabulary);
  }

  /** Brings a data set over the network. */
  @FunctionalInterface
  private interface Source {
    DataSplit download(DownloadProgress progress) throws IOException;
  }

  private DataSplit download(Path cache, Source source, PrintStream err) throws IOException {
    if (!mayDownload && !Files.isDirectory(cache)) {
      throw new IOException(
          "the run's folder asks for "
              + name.kind()
              + ", which was never downloaded into "
              + cache
              + "; --data "
              + name.kind()
              + " beside --resume allows that, and --data-dir names a folder that has it");
    }
    boolean interactive = Terminal.isInteractive();
    String[] current = {""};
    ProgressBar[] bar = new ProgressBar[1];
    try {
      return source.download(
          (file, received, total) -> {
            if (!file.equals(current[0])) {
              if (bar[0] != null) {
                bar[0].clear();
              }
              current[0] = file;
              bar[0] = new ProgressBar(err, interactive, "bytes", total);
            }
            bar[0].update(received, file);
          });
    } finally {
      if (bar[0] != null) {
        bar[0].clear();
      }
    }
  }
}

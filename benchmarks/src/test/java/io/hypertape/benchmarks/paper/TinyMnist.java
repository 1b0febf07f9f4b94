package io.hypertape.benchmarks.paper;

import io.hypertape.data.DataSplit;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Strokes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder like MNIST's with a few drawn digits. */
public final class TinyMnist {

  private TinyMnist() {}

  /** Draws digits. */
  static DataSplit draw(int train, int test) {
    return Strokes.generate(1, train, test);
  }

  /** The same but for one pixel of what is judged by. */
  static DataSplit withAnotherPixel(DataSplit data) {
    LabeledImages test = data.test();
    byte[] pixels = test.pixels();
    pixels[77]++;
    return new DataSplit(
        data.name(),
        data.train(),
        new LabeledImages(
            test.name(),
            test.channels(),
            test.height(),
            test.width(),
            test.classes(),
            pixels,
            test.labels()));
  }

  /** Writes the four files. */
  public static Path write(Path folder, int train, int test) throws IOException {
    DataSplit data = draw(train, test);
    Files.createDirectories(folder);
    write(folder, "train", data.train());
    write(folder, "t10k", data.test());
    return folder;
  }

  private static void write(Path folder, String part, LabeledImages images) throws IOException {
    ByteBuffer pixels = ByteBuffer.allocate(16 + images.pixels().length);
    pixels.putInt(0x803).putInt(images.size()).putInt(images.height()).putInt(images.width());
    Files.write(folder.resolve(part + "-images-idx3-ubyte"), pixels.put(images.pixels()).array());
    ByteBuffer labels = ByteBuffer.allocate(8 + images.size());
    labels.putInt(0x801).putInt(images.size());
    Files.write(folder.resolve(part + "-labels-idx1-ubyte"), labels.put(images.labels()).array());
  }
}

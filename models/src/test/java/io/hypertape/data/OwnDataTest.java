package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import io.hypertape.io.DoubleArray;
import io.hypertape.io.FloatArray;
import io.hypertape.trace.ReferenceTrace;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a caller does with its arrays changes no set, text, file or trace. */
class OwnDataTest {

  @Test
  void imagesAreCopiedInAndOut() {
    byte[] pixels = {10, 20};
    byte[] labels = {0, 1};
    LabeledImages images = new LabeledImages("two", 1, 1, 1, 2, pixels, labels);
    pixels[0] = 99;
    labels[0] = 77;
    images.pixels()[1] = 99;
    images.labels()[1] = 77;
    float[] x = new float[2];
    int[] y = new int[2];
    images.gather(new int[] {0, 1}, 0, 2, x, y);
    assertArrayEquals(new float[] {10 / 255f, 20 / 255f}, x, 1e-7f);
    assertArrayEquals(new int[] {0, 1}, y);
    assertEquals("two: 2 images of 1×1, 2 classes", images.toString());
  }

  @Test
  void textsAreCopiedInAndOut(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("text"), "abcdefghij".repeat(10));
    TextCorpus corpus = TextCorpus.load(file);
    assertNotSame(corpus.train(), corpus.train());
    char[] before = corpus.valid();
    corpus.valid()[0] = 'x';
    assertArrayEquals(before, corpus.valid());
    corpus.test()[0] = 'x';
    assertArrayEquals(before, corpus.test());
    char[] text = {1, 2, 3};
    TextBatches batches = new TextBatches(text, 1, 2, TextBatches.LastBatch.KEEP);
    text[1] = 9;
    batches.next();
    assertArrayEquals(new int[] {1, 2}, batches.x());
  }

  @Test
  void arraysOfAFileHaveTheirOwnShape() {
    int[] shape = {2, 1};
    FloatArray floats = new FloatArray(shape, new float[2]);
    DoubleArray doubles = new DoubleArray(shape, new double[2]);
    shape[0] = 3;
    floats.shape()[0] = 3;
    doubles.shape()[0] = 3;
    assertArrayEquals(new int[] {2, 1}, floats.shape());
    assertArrayEquals(new int[] {2, 1}, doubles.shape());
    assertEquals(floats, new FloatArray(new int[] {2, 1}, new float[2]));
    assertNotEquals(floats, new FloatArray(new int[] {2, 1}, new float[] {0, 1}));
    assertEquals(doubles.hashCode(), new DoubleArray(new int[] {2, 1}, new double[2]).hashCode());
    assertEquals("F32[2, 1]", floats.toString());
  }

  @Test
  void batchesOfATraceAreCopiedInAndOut() {
    double[] x = {1, 2};
    ReferenceTrace.Batch batch = new ReferenceTrace.Batch(x, new int[] {1});
    x[0] = 9;
    batch.x()[1] = 9;
    batch.y()[0] = 9;
    assertArrayEquals(new double[] {1, 2}, batch.x());
    assertArrayEquals(new int[] {1}, batch.y());
  }
}

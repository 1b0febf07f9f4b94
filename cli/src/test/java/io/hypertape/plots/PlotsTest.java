package io.hypertape.plots;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.io.guard.FileProblem;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotsTest {

  @TempDir private Path folder;

  private static Series line(String name, int n, DoubleUnaryOperator f) {
    double[] x = new double[n];
    double[] y = new double[n];
    Arrays.setAll(x, i -> i + 1);
    Arrays.setAll(y, i -> f.applyAsDouble(i + 1));
    return new Series(name, x, y);
  }

  /** Lines show as many pixels of a colour that is no grey. */
  private static void assertDrawn(Path file) throws IOException {
    BufferedImage image = ImageIO.read(file.toFile());
    assertTrue(image.getWidth() > 600 && image.getHeight() > 300, image.toString());
    int coloured = 0;
    Set<Integer> colours = new HashSet<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int rgb = image.getRGB(x, y);
        int r = rgb >> 16 & 255;
        int g = rgb >> 8 & 255;
        int b = rgb & 255;
        if (Math.max(r, Math.max(g, b)) - Math.min(r, Math.min(g, b)) > 60) {
          coloured++;
          colours.add(rgb);
        }
      }
    }
    assertTrue(coloured > 300, coloured + " coloured pixels");
    assertTrue(colours.size() >= 2, colours.size() + " colours");
  }

  @Test
  void trainingOfOrdinaryAndAwkwardRuns() throws IOException {
    Path file = folder.resolve("plot.png");
    Series loss = line("loss", 5000, t -> 2 / t + 0.1 * Math.sin(t));
    Plots.training(file, "ordinary", loss, List.of(line("alpha", 5000, t -> 1e-3 + 1e-6 * t)));
    assertDrawn(file);
    Plots.training(
        file,
        "diverged",
        line("loss", 30, t -> t > 20 ? Double.NaN : Math.exp(t * t)),
        List.of(
            line("alpha", 30, t -> t > 25 ? Double.POSITIVE_INFINITY : Math.pow(10, t)),
            line("beta", 30, t -> -t)));
    assertDrawn(file);
    List<Series> many = new ArrayList<>();
    for (int k = 0; k < 60; k++) {
      int level = k;
      many.add(line("L" + k + ".sgd.alpha", 100, t -> 0.01 * level + t * 1e-4));
    }
    Plots.training(file, "a high tower", line("loss", 100, t -> 1 / t), many);
    assertDrawn(file);
  }

  @Test
  void theShortestRuns() throws IOException {
    Path file = folder.resolve("plot.png");
    Plots.training(file, "one step", line("loss", 1, t -> 1), List.of(line("alpha", 1, t -> 1)));
    assertTrue(ImageIO.read(file.toFile()).getWidth() > 600);
    Plots.training(file, "nothing finite", line("loss", 3, t -> Double.NaN), List.of());
    assertTrue(ImageIO.read(file.toFile()).getWidth() > 600);
    Plots.training(file, "constant", line("loss", 50, t -> 0), List.of(line("a", 50, t -> 0)));
    assertEquals(ImageIO.read(file.toFile()).getType(), ImageIO.read(file.toFile()).getType());
  }

  @Test
  void sensitivity() throws IOException {
    Path file = folder.resolve("demo.png");
    double[] x = {1e-6, 1e-3, 1, 10};
    Plots.sensitivity(
        file,
        "towers",
        List.of(
            new Series("fixed SGD", x, new double[] {90, 50, 3, 90}),
            new Series("tower of height 1", x, new double[] {90, 10, 4, Double.NaN})));
    assertDrawn(file);
  }

  @Test
  void linesAreCopiedInAndOut() {
    double[] x = {1, 2};
    Series line = new Series("line", x, x);
    x[0] = 9;
    line.y()[1] = 9;
    assertArrayEquals(new double[] {1, 2}, line.x());
    assertArrayEquals(new double[] {1, 2}, line.y());
  }

  /** What cannot be written is named, and named once. */
  @Test
  void aFileThatCannotBeWritten() throws IOException {
    Series line = line("loss", 3, t -> t);
    Path taken = Files.write(folder.resolve("taken"), new byte[1]).resolve("x");
    Path full = Files.createDirectories(folder.resolve("full/within")).getParent();
    for (Path file : List.of(taken, full)) {
      assertNamesOnce(file, () -> Plots.training(file, "title", line, List.of()));
      assertNamesOnce(file, () -> Plots.sensitivity(file, "title", List.of(line)));
    }
  }

  private static void assertNamesOnce(Path file, Pictures.Drawing drawing) {
    String message = FileProblem.line(assertThrows(IOException.class, drawing::draw));
    assertEquals(message.indexOf(file.toString()), message.lastIndexOf(file.toString()), message);
    assertTrue(message.contains(file.toString()), message);
  }

  @Test
  void anInterruptedThreadWritesAndStaysSo() throws IOException {
    Path file = folder.resolve("plot.png");
    Series line = line("loss", 3, t -> t);
    Thread.currentThread().interrupt();
    try {
      Plots.training(file, "title", line, List.of());
    } finally {
      assertTrue(Thread.interrupted(), "the status is kept");
    }
    assertTrue(Files.size(file) > 1000);
  }
}

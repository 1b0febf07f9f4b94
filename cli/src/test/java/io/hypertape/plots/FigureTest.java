package io.hypertape.plots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FigureTest {

  private static final double[] NO_BARS = {};

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("figure.png");
  }

  private int pixels(int color) throws IOException {
    BufferedImage image = ImageIO.read(file().toFile());
    int count = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        count += (image.getRGB(x, y) & 0xFFFFFF) == color ? 1 : 0;
      }
    }
    return count;
  }

  /** Pixels that are no grey: edges of thin lines blend into the background. */
  private int coloured() throws IOException {
    BufferedImage image = ImageIO.read(file().toFile());
    int count = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int rgb = image.getRGB(x, y);
        int r = rgb >> 16 & 255;
        int g = rgb >> 8 & 255;
        int b = rgb & 255;
        count += Math.max(r, Math.max(g, b)) - Math.min(r, Math.min(g, b)) > 60 ? 1 : 0;
      }
    }
    return count;
  }

  private static int color(int number) {
    return Plots.PALETTE[number].getRGB() & 0xFFFFFF;
  }

  @Test
  void linesPointsAndErrorBars() throws IOException {
    double[] x = {1e-8, 1e-4, 1};
    double[] y = {90, 30, Double.NaN};
    for (Figure.Look look : Figure.Look.values()) {
      Figure figure =
          new Figure("title", "x", "y (%)")
              .scales(Figure.Scale.LOGARITHMIC, Figure.Scale.LOGARITHMIC)
              .rangeY(1, 100);
      Figure.write(file(), List.of(figure.add(new Series("a", x, y), NO_BARS, look, 1)));
      int plain = coloured();
      assertTrue(plain > 20, look + ": " + plain);
      Figure barred = new Figure("title", "x", "y (%)");
      barred.scales(Figure.Scale.LOGARITHMIC, Figure.Scale.LOGARITHMIC).rangeY(1, 100);
      barred.add(new Series("a", x, y), new double[] {5, 20, 1}, look, 1);
      Figure.write(file(), List.of(barred));
      assertTrue(coloured() > plain, look + " has no error bars");
    }
  }

  @Test
  void nothingToDrawIsNoFailure() throws IOException {
    Figure figure = new Figure("title", "x", "y");
    figure.add(
        new Series("a", new double[] {1}, new double[] {Double.NaN}), NO_BARS, Figure.Look.LINE, 0);
    Figure.write(file(), List.of(figure, new Figure("second", "x", "y")));
    assertEquals(2 * Plots.HEIGHT, ImageIO.read(file().toFile()).getHeight());
    assertEquals(0, pixels(color(0)));
  }

  @Test
  void dotsOfSeveralSides() throws IOException {
    DotPlot plot = new DotPlot("title", "error (%)", List.of("ours", "theirs"));
    plot.row("one", List.of(new DotPlot.Dot(3, 0), new DotPlot.Dot(4, Double.NaN)));
    plot.row("two", List.of(new DotPlot.Dot(Double.NaN, Double.NaN), new DotPlot.Dot(9, 2)));
    DotPlot.write(file(), List.of(plot));
    int ours = pixels(color(0));
    int theirs = pixels(color(1));
    // A filled dot in the legend and one in the plot; three hollow ones and a bar.
    assertTrue(ours > 60 && ours < 200, ours + " pixels");
    assertTrue(theirs > 200, theirs + " pixels");
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> plot.row("x", List.of(new DotPlot.Dot(1, 1))));
    assertEquals("x: 1 dots for 2 sides", e.getMessage());
    DotPlot.write(file(), List.of(new DotPlot("empty", "x", List.of("a")), plot));
    assertTrue(pixels(color(1)) >= theirs);
  }
}

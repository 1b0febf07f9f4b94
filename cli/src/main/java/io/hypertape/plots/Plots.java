package io.hypertape.plots;

import io.hypertape.checks.Nulls;
import io.hypertape.io.guard.AtomicFile;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Pictures of runs, as PNG files. Needs no display. */
public final class Plots {

  /** Okabe and Ito's palette, which colour-blind readers can tell apart. */
  static final Color[] PALETTE = {
    new Color(0x0072B2),
    new Color(0xD55E00),
    new Color(0x009E73),
    new Color(0xCC79A7),
    new Color(0xE69F00),
    new Color(0x56B4E9),
    new Color(0x000000),
  };

  static final Marker[] MARKERS = {
    SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE, SeriesMarkers.TRIANGLE_UP, SeriesMarkers.DIAMOND
  };

  private static final int MAX_POINTS = 1500;
  private static final int MAX_LINES = 7;
  static final int WIDTH = 1100;
  static final int HEIGHT = 460;

  private Plots() {}

  /**
   * Loss and hyperparameters over a run's steps, one above the other.
   *
   * @param file the PNG file
   * @param title what was run
   * @param loss of every step
   * @param hyperparameters their paths; at most seven are drawn
   * @throws IOException if the file cannot be written
   */
  public static void training(Path file, String title, Series loss, List<Series> hyperparameters)
      throws IOException {
    Nulls.check(file, "plot: file");
    Nulls.check(title, "plot: title");
    Nulls.check(loss, "plot: loss");
    Nulls.check(hyperparameters, "plot: hyperparameters");
    XYChart above = chart(title, "step", "training loss");
    Series raw = thinned(loss);
    boolean logLoss = drawable(above, "each step", raw, new Color(0xBBCCDD), 1f);
    Series smooth = thinned(smoothed(loss));
    logLoss |= drawable(above, "mean of the last 50 steps", smooth, PALETTE[0], 2.2f);
    above.getStyler().setYAxisLogarithmic(logLoss && spansDecades(raw));
    above.getStyler().setXAxisMin(0.0);
    above.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);

    XYChart below = chart("", "step", "hyperparameter");
    boolean allPositive = true;
    boolean any = false;
    for (int i = 0; i < Math.min(hyperparameters.size(), MAX_LINES); i++) {
      Series path = thinned(hyperparameters.get(i));
      any |= drawable(below, path.name(), path, PALETTE[i % PALETTE.length], 2.2f);
      allPositive &= positive(path);
    }
    below.getStyler().setYAxisLogarithmic(any && allPositive);
    below.getStyler().setXAxisMin(0.0);
    below.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    write(file, List.of(above, below));
  }

  /**
   * Test error against initial step size, a line a tower.
   *
   * @param file the PNG file
   * @param title what was run
   * @param lines step sizes and test errors in percent
   * @throws IOException if the file cannot be written
   */
  public static void sensitivity(Path file, String title, List<Series> lines) throws IOException {
    Nulls.check(file, "plot: file");
    Nulls.check(title, "plot: title");
    Nulls.check(lines, "plot: lines");
    XYChart chart = chart(title, "initial step size of every level", "test error (%)");
    for (int i = 0; i < lines.size(); i++) {
      Series line = lines.get(i);
      if (drawable(chart, line.name(), line, PALETTE[i % PALETTE.length], 2.6f)) {
        chart.getSeriesMap().get(line.name()).setMarker(MARKERS[i % MARKERS.length]);
      }
    }
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setYAxisMax(100.0);
    chart.getStyler().setMarkerSize(9);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    write(file, List.of(chart));
  }

  static XYChart chart(String title, String x, String y) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    XYStyler style = chart.getStyler();
    style.setLocale(Locale.ROOT);
    style.setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBorderVisible(false);
    style.setPlotGridLinesColor(new Color(0xDDDDDD));
    style.setPlotGridLinesStroke(new BasicStroke(1f));
    style.setChartTitleVisible(!title.isEmpty());
    style.setChartTitleBoxVisible(false);
    style.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 18));
    style.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
    style.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    style.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    style.setLegendBorderColor(Color.WHITE);
    style.setMarkerSize(0);
    style.setAntiAlias(true);
    return chart;
  }

  /** Adds a line if it has a finite point; says whether it had. */
  private static boolean drawable(
      XYChart chart, String name, Series line, Color color, float width) {
    double[] y = line.y().clone();
    boolean any = false;
    for (int i = 0; i < y.length; i++) {
      if (!Double.isFinite(y[i])) {
        y[i] = Double.NaN;
      }
      any |= !Double.isNaN(y[i]);
    }
    if (!any) {
      return false;
    }
    XYSeries series = chart.addSeries(name, line.x(), y);
    series.setLineColor(color);
    series.setMarkerColor(color);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    series.setLineStyle(width < 2 ? SeriesLines.SOLID : series.getLineStyle());
    series.setLineWidth(width);
    return true;
  }

  private static boolean positive(Series line) {
    return Arrays.stream(line.y()).allMatch(y -> !(y <= 0));
  }

  /** Whether a logarithmic axis has enough to show. */
  private static boolean spansDecades(Series line) {
    double[] finite = Arrays.stream(line.y()).filter(Double::isFinite).sorted().toArray();
    return positive(line) && finite.length > 0 && finite[finite.length - 1] > 20 * finite[0];
  }

  private static Series smoothed(Series line) {
    double[] rough = line.y();
    double[] y = new double[rough.length];
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += rough[i];
      if (i >= 50) {
        sum -= rough[i - 50];
      }
      y[i] = sum / Math.min(i + 1, 50);
    }
    return new Series(line.name(), line.x(), y);
  }

  private static Series thinned(Series line) {
    Series few = everyFew(line);
    int n = few.x().length;
    if (n == 0) {
      return few;
    }
    // XChart puts the ticks of equally spaced values on some of them, such as 48 and 96; an
    // invisible point off the grid makes it choose round numbers.
    double[] x = Arrays.copyOf(few.x(), n + 1);
    double[] y = Arrays.copyOf(few.y(), n + 1);
    x[n] = x[n - 1] * 1.013;
    y[n] = Double.NaN;
    return new Series(few.name(), x, y);
  }

  private static Series everyFew(Series line) {
    double[] allX = line.x();
    double[] allY = line.y();
    int n = allX.length;
    if (n <= MAX_POINTS) {
      return line;
    }
    double[] x = new double[MAX_POINTS];
    double[] y = new double[MAX_POINTS];
    for (int i = 0; i < MAX_POINTS; i++) {
      int at = (int) ((long) i * (n - 1) / (MAX_POINTS - 1));
      x[i] = allX[at];
      y[i] = allY[at];
    }
    return new Series(line.name(), x, y);
  }

  static void write(Path file, List<XYChart> charts) throws IOException {
    write(
        file,
        HEIGHT * charts.size(),
        canvas -> {
          for (XYChart row : charts) {
            row.paint(canvas, WIDTH, HEIGHT);
            canvas.translate(0, HEIGHT);
          }
        });
  }

  /** Draws a picture of the usual width and writes it. */
  static void write(Path file, int height, Consumer<Graphics2D> drawing) throws IOException {
    // AWT waits for threads of its own: an interrupt would disturb it, and it would swallow that.
    boolean interrupted = Thread.interrupted();
    try {
      write(file, image(height, drawing));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static BufferedImage image(int height, Consumer<Graphics2D> drawing) {
    BufferedImage image = new BufferedImage(WIDTH, Math.max(height, 1), BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    canvas.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    drawing.accept(canvas);
    canvas.dispose();
    return image;
  }

  private static void write(Path file, BufferedImage image) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          // Not ImageIO's stream over a temporary file: it wants a shutdown hook, which an
          // interrupted run may no longer add.
          try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            if (!ImageIO.write(image, "png", stream)) {
              throw new IOException("this JVM cannot write PNG images");
            }
          }
        });
  }
}

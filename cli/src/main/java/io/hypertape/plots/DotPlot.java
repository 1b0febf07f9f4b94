package io.hypertape.plots;

import io.hypertape.checks.Nulls;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A value with its error bar for each of some named rows, from several sides: rows run downwards
 * with their names written out on the left, which a chart with names along its foot has no room
 * for.
 */
public final class DotPlot {

  /**
   * One side's value of a row.
   *
   * @param value where the dot is; NaN for none
   * @param error half length of its error bar, or NaN
   */
  public record Dot(double value, double error) {}

  private record Row(String name, List<Dot> dots) {}

  private static final int ROW = 26;
  private static final int LEFT = 330;
  private static final int RIGHT = 30;
  private static final int TOP = 74;
  private static final int BOTTOM = 64;
  private static final int TICKS = 8;
  private static final Color GRID = new Color(0xDDDDDD);

  private final String title;
  private final String axis;
  private final List<String> sides;
  private final List<Row> rows = new ArrayList<>();

  /**
   * An empty plot.
   *
   * @param title what it shows
   * @param axis what the horizontal axis shows, with its unit
   * @param sides the sides' names, for the legend
   */
  public DotPlot(String title, String axis, List<String> sides) {
    Nulls.check(title, "dot plot: title");
    Nulls.check(axis, "dot plot: axis");
    Nulls.check(sides, "dot plot: sides");
    this.title = title;
    this.axis = axis;
    this.sides = List.copyOf(sides);
  }

  /**
   * Adds a row below the others.
   *
   * @param name its name
   * @param dots one a side
   */
  public void row(String name, List<Dot> dots) {
    Nulls.check(name, "dot plot: name");
    Nulls.check(dots, "dot plot: dots");
    if (dots.size() != sides.size()) {
      throw new IllegalArgumentException(
          name + ": " + dots.size() + " dots for " + sides.size() + " sides");
    }
    rows.add(new Row(name, List.copyOf(dots)));
  }

  /**
   * Writes plots, one above the other.
   *
   * @param file the PNG file
   * @param plots the plots
   * @throws IOException if the file cannot be written
   */
  public static void write(Path file, List<DotPlot> plots) throws IOException {
    Nulls.check(file, "dot plot: file");
    Nulls.check(plots, "dot plot: plots");
    int height = plots.stream().mapToInt(DotPlot::height).sum();
    Plots.write(
        file,
        height,
        canvas -> {
          canvas.setColor(Color.WHITE);
          canvas.fillRect(0, 0, Plots.WIDTH, height);
          for (DotPlot plot : plots) {
            plot.draw(canvas);
            canvas.translate(0, plot.height());
          }
        });
  }

  private int height() {
    return TOP + ROW * rows.size() + BOTTOM;
  }

  private void draw(Graphics2D canvas) {
    double step = step();
    double low = Math.floor(extreme(-1) / step) * step;
    double high = Math.max(Math.ceil(extreme(1) / step) * step, low + step);
    head(canvas);
    axis(canvas, low, high, step);
    for (int i = 0; i < rows.size(); i++) {
      draw(canvas, rows.get(i), TOP + ROW * i + ROW / 2, low, high);
    }
  }

  /** The smallest (−1) or largest (1) end of an error bar. */
  private double extreme(int sign) {
    return sign
        * rows.stream()
            .flatMap(row -> row.dots().stream())
            .filter(dot -> Double.isFinite(dot.value()))
            .mapToDouble(dot -> sign * dot.value() + (dot.error() > 0 ? dot.error() : 0))
            .max()
            .orElse(sign > 0 ? 1 : 0);
  }

  /** A round distance of ticks: 1, 2 or 5 times a power of ten. */
  private double step() {
    double rough = Math.max((extreme(1) - extreme(-1)) / TICKS, 1e-9);
    double decade = Math.pow(10, Math.floor(Math.log10(rough)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * decade >= rough) {
        return factor * decade;
      }
    }
    return 10 * decade;
  }

  private void head(Graphics2D canvas) {
    canvas.setColor(Color.BLACK);
    canvas.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 18));
    canvas.drawString(title, 20, 28);
    canvas.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    int x = LEFT;
    for (int side = 0; side < sides.size(); side++) {
      canvas.setColor(Plots.PALETTE[side]);
      mark(canvas, side, x, 51);
      canvas.setColor(Color.BLACK);
      canvas.drawString(sides.get(side), x + 14, 56);
      x += 50 + canvas.getFontMetrics().stringWidth(sides.get(side));
    }
  }

  private void axis(Graphics2D canvas, double low, double high, double step) {
    int foot = TOP + ROW * rows.size();
    canvas.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    canvas.setStroke(new BasicStroke(1));
    int ticks = (int) Math.round((high - low) / step);
    for (int i = 0; i <= ticks; i++) {
      double value = low + i * step;
      double x = place(value, low, high);
      canvas.setColor(GRID);
      canvas.draw(new Line2D.Double(x, TOP, x, foot));
      canvas.setColor(Color.BLACK);
      String text = String.format(Locale.ROOT, step < 1 ? "%.1f" : "%.0f", value);
      canvas.drawString(
          text, (float) x - canvas.getFontMetrics().stringWidth(text) / 2f, foot + 19);
    }
    canvas.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
    int width = canvas.getFontMetrics().stringWidth(axis);
    canvas.drawString(axis, (LEFT + Plots.WIDTH - RIGHT - width) / 2, foot + 46);
  }

  private static double place(double value, double low, double high) {
    return LEFT + (Plots.WIDTH - RIGHT - LEFT) * (value - low) / (high - low);
  }

  private void draw(Graphics2D canvas, Row row, int y, double low, double high) {
    canvas.setColor(GRID);
    canvas.setStroke(new BasicStroke(1));
    canvas.draw(new Line2D.Double(LEFT, y, Plots.WIDTH - RIGHT, y));
    canvas.setColor(Color.BLACK);
    canvas.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    int width = canvas.getFontMetrics().stringWidth(row.name());
    canvas.drawString(row.name(), LEFT - 14 - width, y + 5);
    for (int side = 0; side < row.dots().size(); side++) {
      Dot dot = row.dots().get(side);
      if (Double.isFinite(dot.value())) {
        // Sides lie a little apart, so that none hides another.
        double at = y + 7.0 * (side - (sides.size() - 1) / 2.0);
        canvas.setColor(Plots.PALETTE[side]);
        canvas.setStroke(new BasicStroke(2));
        if (dot.error() > 0) {
          canvas.draw(
              new Line2D.Double(
                  place(dot.value() - dot.error(), low, high),
                  at,
                  place(dot.value() + dot.error(), low, high),
                  at));
        }
        mark(canvas, side, place(dot.value(), low, high), at);
      }
    }
  }

  /** Full for the first side, hollow for the others. */
  private static void mark(Graphics2D canvas, int side, double x, double y) {
    Ellipse2D dot = new Ellipse2D.Double(x - 4.5, y - 4.5, 9, 9);
    if (side == 0) {
      canvas.fill(dot);
      return;
    }
    Color color = canvas.getColor();
    canvas.setColor(Color.WHITE);
    canvas.fill(dot);
    canvas.setColor(color);
    canvas.setStroke(new BasicStroke(2));
    canvas.draw(dot);
  }
}

package io.hypertape.plots;

import io.hypertape.checks.Nulls;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A picture of several series over two axes, with error bars where a value has one. */
public final class Figure {

  /** How an axis is divided. */
  public enum Scale {
    /** Equal differences are equally long. */
    LINEAR,
    /** Equal ratios are equally long; only positive values have a place. */
    LOGARITHMIC
  }

  /** How a series is drawn. */
  public enum Look {
    /** A line with a marker at each point. */
    LINE,
    /** A dashed line with a marker at each point. */
    DASHED,
    /** Crosses without a line, such as somebody else's readings. */
    POINTS
  }

  private final XYChart chart;

  /**
   * An empty picture with linear axes.
   *
   * @param title what it shows
   * @param x what the horizontal axis shows, with its unit
   * @param y what the vertical axis shows, with its unit
   */
  public Figure(String title, String x, String y) {
    Nulls.check(title, "figure: title");
    Nulls.check(x, "figure: x");
    Nulls.check(y, "figure: y");
    chart = Plots.chart(title, x, y);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setMarkerSize(10);
    chart.getStyler().setErrorBarsColorSeriesColor(true);
  }

  /**
   * Divides the axes.
   *
   * @param x the horizontal one
   * @param y the vertical one
   * @return this
   */
  public Figure scales(Scale x, Scale y) {
    Nulls.check(x, "figure: x");
    Nulls.check(y, "figure: y");
    chart.getStyler().setXAxisLogarithmic(x == Scale.LOGARITHMIC);
    chart.getStyler().setYAxisLogarithmic(y == Scale.LOGARITHMIC);
    return this;
  }

  /**
   * Fixes the ends of the vertical axis.
   *
   * @param low its lower end
   * @param high its upper end
   * @return this
   */
  public Figure rangeY(double low, double high) {
    chart.getStyler().setYAxisMin(low);
    chart.getStyler().setYAxisMax(high);
    return this;
  }

  /**
   * Adds a series; one without any finite value is left out.
   *
   * @param series the values
   * @param errors half lengths of the error bars, or nothing for no bars
   * @param look how it is drawn
   * @param color number of a colour; equal numbers are equal colours and markers
   * @return this
   */
  public Figure add(Series series, double[] errors, Look look, int color) {
    Nulls.check(series, "figure: series");
    Nulls.check(errors, "figure: errors");
    Nulls.check(look, "figure: look");
    double[] allX = series.x();
    double[] allY = series.y();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < allY.length; i++) {
      if (Double.isFinite(allY[i])) {
        places.add(i);
      }
    }
    if (places.isEmpty()) {
      return this;
    }
    double[] x = places.stream().mapToDouble(i -> allX[i]).toArray();
    double[] y = places.stream().mapToDouble(i -> allY[i]).toArray();
    double[] bars =
        errors.length == 0 ? null : places.stream().mapToDouble(i -> errors[i]).toArray();
    boolean barred = bars != null && Arrays.stream(bars).anyMatch(e -> e > 0);
    style(chart.addSeries(series.name(), x, y, barred ? bars : null), look, color);
    return this;
  }

  private static void style(XYSeries series, Look look, int number) {
    Color color = Plots.PALETTE[number % Plots.PALETTE.length];
    series.setLineColor(color);
    series.setMarkerColor(color);
    series.setMarker(
        look == Look.POINTS ? SeriesMarkers.CROSS : Plots.MARKERS[number % Plots.MARKERS.length]);
    float[] dashes = look == Look.DASHED ? new float[] {8, 6} : null;
    series.setLineStyle(
        new BasicStroke(2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND, 1, dashes, 0));
    if (look == Look.POINTS) {
      series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    }
  }

  /**
   * Writes pictures, one above the other.
   *
   * @param file the PNG file
   * @param rows the pictures
   * @throws IOException if the file cannot be written
   */
  public static void write(Path file, List<Figure> rows) throws IOException {
    Nulls.check(file, "figure: file");
    Nulls.check(rows, "figure: rows");
    Plots.write(file, rows.stream().map(row -> row.chart).toList());
  }
}

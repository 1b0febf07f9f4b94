package io.hypertape.cli.board;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;

/**
 * The columns of a table of any length in bounded memory. Up to {@value #WHOLE} rows are kept as
 * they are; of more, neighbouring rows share a bucket that has the least and the greatest value of
 * each column, so that no peak is lost, and their mean. A bucket that is full never changes until
 * all buckets become twice as long.
 */
final class ThinnedCurves {

  /** Rows that are kept one by one. */
  static final int WHOLE = 2000;

  /** Buckets of more rows, with two points a column each. */
  static final int BUCKETS = 1000;

  private final List<String> names;
  private final Column[] columns;
  private final double[] latest;
  private final double[] earliest;
  private double[] first = new double[16];
  private double[] last = new double[16];
  private long stride = 1;
  private long rows;
  private int buckets;

  /** Of one column, a number a bucket in each array. */
  private static final class Column {

    private double[] lowAt = new double[16];
    private double[] low = new double[16];
    private double[] highAt = new double[16];
    private double[] high = new double[16];
    private double[] sum = new double[16];
    private double[] finite = new double[16];
    private long odd;

    void grow(int capacity) {
      lowAt = Arrays.copyOf(lowAt, capacity);
      low = Arrays.copyOf(low, capacity);
      highAt = Arrays.copyOf(highAt, capacity);
      high = Arrays.copyOf(high, capacity);
      sum = Arrays.copyOf(sum, capacity);
      finite = Arrays.copyOf(finite, capacity);
    }

    void begin(int bucket) {
      low[bucket] = Double.NaN;
      high[bucket] = Double.NaN;
      lowAt[bucket] = Double.NaN;
      highAt[bucket] = Double.NaN;
      sum[bucket] = 0;
      finite[bucket] = 0;
    }

    void add(int bucket, double x, double value) {
      if (!Double.isFinite(value)) {
        odd++;
        return;
      }
      // A number is less than none.
      if (!(low[bucket] <= value)) {
        low[bucket] = value;
        lowAt[bucket] = x;
      }
      if (!(high[bucket] >= value)) {
        high[bucket] = value;
        highAt[bucket] = x;
      }
      sum[bucket] += value;
      finite[bucket]++;
    }

    /** Makes one of two neighbours. */
    void merge(int to, int left, int right) {
      boolean lower = low[left] <= low[right] || Double.isNaN(low[right]);
      boolean higher = high[left] >= high[right] || Double.isNaN(high[right]);
      lowAt[to] = lower ? lowAt[left] : lowAt[right];
      low[to] = lower ? low[left] : low[right];
      highAt[to] = higher ? highAt[left] : highAt[right];
      high[to] = higher ? high[left] : high[right];
      sum[to] = sum[left] + sum[right];
      finite[to] = finite[left] + finite[right];
    }
  }

  /** Of columns with these names, without rows as yet. */
  ThinnedCurves(List<String> names) {
    this.names = names;
    columns = new Column[names.size()];
    Arrays.setAll(columns, i -> new Column());
    latest = new double[columns.length];
    earliest = new double[columns.length];
  }

  long rows() {
    return rows;
  }

  long stride() {
    return stride;
  }

  int buckets() {
    return buckets;
  }

  /** Numbers that are kept in memory. */
  long size() {
    return first.length * (2L + 6L * columns.length);
  }

  /**
   * Adds a row.
   *
   * @param x where it is on the horizontal axis
   * @param values a number a column
   */
  void add(double x, double[] values) {
    if (rows % stride == 0) {
      begin(x);
    }
    int bucket = buckets - 1;
    last[bucket] = x;
    for (int i = 0; i < columns.length; i++) {
      columns[i].add(bucket, x, values[i]);
    }
    System.arraycopy(values, 0, latest, 0, latest.length);
    if (rows == 0) {
      System.arraycopy(values, 0, earliest, 0, earliest.length);
    }
    rows++;
  }

  private void begin(double x) {
    while (buckets >= (stride == 1 ? WHOLE : BUCKETS)) {
      halve();
    }
    if (buckets == first.length) {
      int capacity = Math.min(WHOLE, 2 * buckets);
      first = Arrays.copyOf(first, capacity);
      last = Arrays.copyOf(last, capacity);
      for (Column column : columns) {
        column.grow(capacity);
      }
    }
    first[buckets] = x;
    for (Column column : columns) {
      column.begin(buckets);
    }
    buckets++;
  }

  private void halve() {
    buckets /= 2;
    stride *= 2;
    for (int i = 0; i < buckets; i++) {
      first[i] = first[2 * i];
      last[i] = last[2 * i + 1];
      for (Column column : columns) {
        column.merge(i, 2 * i, 2 * i + 1);
      }
    }
  }

  /**
   * Writes buckets for the page: {@code x} of their last rows, {@code begin} of their first ones,
   * and of every column {@code y} with a number a bucket where that is one row, else with five: x
   * and y of the earlier and of the later of its extremes, and its mean.
   *
   * @param from the first bucket
   */
  void write(ObjectNode to, int from) {
    to.put("rows", rows).put("stride", stride).put("from", from);
    ArrayNode x = to.putArray("x");
    ArrayNode begin = to.putArray("begin");
    for (int i = from; i < buckets; i++) {
      x.add(JsonNodeFactory.instance.numberNode(last[i]));
      if (stride > 1) {
        begin.add(first[i]);
      }
    }
    ArrayNode all = to.putArray("columns");
    for (int i = 0; i < columns.length; i++) {
      ObjectNode one = all.addObject();
      one.put("name", names.get(i)).put("odd", columns[i].odd);
      if (rows > 0) {
        one.put("first", earliest[i]).put("last", latest[i]);
      }
      ArrayNode y = one.putArray("y");
      for (int bucket = from; bucket < buckets; bucket++) {
        write(y, columns[i], bucket);
      }
    }
  }

  private void write(ArrayNode y, Column column, int bucket) {
    if (stride == 1) {
      y.add(column.low[bucket]);
      return;
    }
    boolean fallsFirst = column.lowAt[bucket] < column.highAt[bucket];
    y.add(fallsFirst ? column.lowAt[bucket] : column.highAt[bucket]);
    y.add(fallsFirst ? column.low[bucket] : column.high[bucket]);
    y.add(fallsFirst ? column.highAt[bucket] : column.lowAt[bucket]);
    y.add(fallsFirst ? column.high[bucket] : column.low[bucket]);
    y.add(column.sum[bucket] / column.finite[bucket]);
  }
}

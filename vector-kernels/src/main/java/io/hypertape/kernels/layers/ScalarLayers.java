package io.hypertape.kernels.layers;

import io.hypertape.kernels.elementwise.ColumnSums;
import io.hypertape.kernels.elementwise.ScalarColumns;
import io.hypertape.kernels.elementwise.VectorColumns;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.OperandChecks;
import io.hypertape.kernels.lanes.Workers;
import java.util.Arrays;

/**
 * Checks operands and makes calls: large ones are shared by planes, channels or rows. What a call
 * computes is plain loops here and vectors in {@link VectorLayers}, with the same bits.
 */
public sealed class ScalarLayers implements Layers permits VectorLayers {

  /** Elements below which a call stays on the caller's thread. */
  private static final long PARALLEL = 1 << 16;

  /** The same for cells, of which an element takes several exponentials. */
  private static final long PARALLEL_CELL = 1 << 12;

  /** The same of an image whose rows are in the caches of the threads that computed them. */
  private static final long PARALLEL_IMAGE = 1 << 13;

  /** Lines of a plane that is worth pieces. */
  private static final int PIECES = 8;

  /** Of columns: a multiple of all vectors' lengths and of a cache line. */
  private static final int LINE = 16;

  /** Of sums and masks, a multiple of what is computed at a time. */
  private static final int BLOCK = 64;

  /** Some of a call's planes, channels, rows or columns, on one of the threads. */
  interface Span {
    void run(int part, int from, int to);
  }

  private final Workers workers;
  private final boolean vectors;
  private final IndexedRows rows;
  private final PlaneNorm planes;

  // One for each thread.
  private final FeatureNorm[] features;
  private final ColumnSums[] columns;

  /** Makes the kernels, on the caller's thread. */
  public ScalarLayers() {
    this(new Workers(1), 1);
  }

  /** Those of vectors of so many lanes; 1 if there are none. */
  ScalarLayers(Workers workers, int lanes) {
    this.workers = workers;
    this.vectors = lanes > 1;
    this.rows = new IndexedRows(vectors);
    this.planes = new PlaneNorm(lanes);
    this.features = new FeatureNorm[workers.count()];
    this.columns = new ColumnSums[workers.count()];
    Arrays.setAll(features, unused -> new FeatureNorm(lanes));
    ColumnSums.Rows sums = vectors ? VectorColumns::add : ScalarColumns::add;
    Arrays.setAll(columns, unused -> new ColumnSums(sums));
  }

  /** Shares n things that come in units, of which each part gets whole ones. */
  private Call shared(int n, int unit, boolean large, Span span) {
    if (!large || workers.count() == 1) {
      return () -> span.run(0, 0, n);
    }
    Workers.Task task =
        (part, parts) ->
            span.run(
                part, Workers.edge(n, unit, part, parts), Workers.edge(n, unit, part + 1, parts));
    return () -> workers.run(task);
  }

  private Call planes(PoolingShape s, Span span) {
    return shared(s.planes(), 1, (long) s.planes() * s.plane() >= PARALLEL, span);
  }

  private static void whole(String name, PoolingShape s, Floats x) {
    OperandChecks.shape(name, x.length(), new int[] {s.planes(), s.height(), s.width()});
  }

  private static void pooled(String name, PoolingShape s, int length) {
    OperandChecks.shape(name, length, new int[] {s.planes(), s.outHeight(), s.outWidth()});
  }

  @Override
  public final Call maxPool(PoolingShape s, Floats x, Floats y, Ints index) {
    whole("x", s, x);
    pooled("y", s, y.length());
    pooled("index", s, index.length());
    Span span =
        vectors && VectorPooling.fits(s)
            ? (part, from, to) -> VectorPooling.max(s, from, to, x, y, index)
            : (part, from, to) -> ScalarPooling.max(s, from, to, x, y, index);
    return planes(s, span);
  }

  @Override
  public final Call maxPoolScatter(PoolingShape s, Floats in, Ints index, Floats out) {
    pooled("in", s, in.length());
    pooled("index", s, index.length());
    whole("out", s, out);
    return IndexedRows.checked(
        index,
        s.plane(),
        planes(s, (part, from, to) -> ScalarPooling.scatter(s, from, to, in, index, out)));
  }

  @Override
  public final Call maxPoolGather(PoolingShape s, Floats in, Ints index, Floats out) {
    whole("in", s, in);
    pooled("index", s, index.length());
    pooled("out", s, out.length());
    return IndexedRows.checked(
        index,
        s.plane(),
        planes(s, (part, from, to) -> ScalarPooling.gather(s, from, to, in, index, out)));
  }

  @Override
  public final Call averagePool(PoolingShape s, Floats in, Floats out) {
    whole("in", s, in);
    pooled("out", s, out.length());
    if (s.isGlobal()) {
      return planes(
          s, (part, from, to) -> ScalarPooling.globalAverage(s, vectors, from, to, in, out));
    }
    Span span =
        vectors && VectorPooling.fits(s)
            ? (part, from, to) -> VectorPooling.average(s, from, to, in, out)
            : (part, from, to) -> ScalarPooling.average(s, from, to, in, out);
    return planes(s, span);
  }

  @Override
  public final Call averagePoolAdjoint(PoolingShape s, Floats in, Floats out) {
    pooled("in", s, in.length());
    whole("out", s, out);
    boolean lanes = vectors && s.strideWidth() == 1;
    Span span =
        s.isGlobal()
            ? (part, from, to) -> ScalarPooling.globalAverageAdjoint(s, from, to, in, out)
            : (part, from, to) -> ScalarPooling.averageAdjoint(s, lanes, from, to, in, out);
    return planes(s, span);
  }

  private Call channels(BatchNorm.Shape s, Span span) {
    return shared(s.channels(), s.plane() == 1 ? LINE : 1, s.hasManyElements(PARALLEL), span);
  }

  @Override
  public final Call batchNorm(BatchNorm.Forward o) {
    Span span =
        o.s().plane() == 1
            ? (part, from, to) -> features[part].forward(o, from, to)
            : (part, from, to) -> planes.forward(o, from, to);
    return channels(o.s(), span);
  }

  @Override
  public final Call batchNormGrad(BatchNorm.Backward o) {
    Span span =
        o.s().plane() == 1
            ? (part, from, to) -> features[part].backward(o, from, to)
            : (part, from, to) -> planes.backward(o, from, to);
    return channels(o.s(), span);
  }

  @Override
  public final Call scaled(BatchNorm.Scaled o) {
    if (o.s().batch() == 1 && o.s().plane() >= PIECES * LINE) {
      // As convolutions of one image share its rows.
      return shared(
          o.s().plane(),
          LINE,
          o.s().hasManyElements(PARALLEL_IMAGE),
          (part, from, to) -> planes.scaledPiece(o, from, to - from));
    }
    return shared(
        o.s().channels(),
        1,
        o.s().hasManyElements(PARALLEL),
        (part, from, to) -> planes.scaled(o, from, to));
  }

  @Override
  public final Call gatherRows(Matrix table, Ints index, Matrix out) {
    table.ofShape("table", table.rows(), out.cols()).withDenseRows("table");
    index.ofLength("index", out.rows());
    out.writable("out");
    int n = out.cols() == 0 ? 0 : out.rows();
    return IndexedRows.checked(
        index,
        table.rows(),
        shared(
            n,
            1,
            (long) n * out.cols() >= PARALLEL,
            (part, from, to) -> IndexedRows.gather(from, to, table, index, out)));
  }

  @Override
  public final Call scatterRows(Matrix in, Ints index, Matrix out) {
    int cols = in.cols();
    in.withDenseRows("in");
    index.ofLength("index", in.rows());
    out.ofShape("out", out.rows(), cols).writable("out");
    Call sums =
        shared(
            cols,
            LINE,
            (long) in.rows() * cols >= PARALLEL,
            (part, from, to) -> rows.scatter(from, to, in, index, out));
    return () -> {
      rows.plan(index, out.rows(), cols);
      sums.run();
    };
  }

  @Override
  public final Call columnSums(Matrix x, Floats out) {
    x.withDenseRows("x");
    out.ofLength("out", x.cols());
    float[] sums = out.array();
    int at = out.offset();
    Span span =
        (part, from, to) ->
            columns[part].run(
                x.rows(), to - from, x.array(), x.offset() + from, x.rowStride(), sums, at + from);
    return shared(x.cols(), BLOCK, (long) x.rows() * x.cols() >= PARALLEL, span);
  }

  @Override
  public final Call dropoutMask(double keep, long seed, Ints counter, Floats out) {
    if (!(keep > 0 && keep <= 1)) {
      throw new IllegalArgumentException("keep is " + keep + "; above 0 and at most 1 fits");
    }
    counter.ofLength("counter", 1);
    int n = out.length();
    Span span =
        vectors
            ? (part, from, to) -> VectorDropout.mask(keep, seed, counter.get(0), from, to, out)
            : (part, from, to) -> ScalarDropout.mask(keep, seed, counter.get(0), from, to, out);
    Call mask = shared(n, BLOCK, n >= PARALLEL, span);
    return () -> {
      mask.run();
      counter.array()[counter.offset()]++;
    };
  }

  private Call cell(Floats state, Matrix gates, Span span) {
    return shared(gates.rows(), 1, state.length() >= PARALLEL_CELL, span);
  }

  @Override
  public final Call lstmCell(Cells.Lstm o) {
    return cell(o.h(), o.gates(), (part, from, to) -> AnyCells.lstm(vectors, o, from, to));
  }

  @Override
  public final Call lstmCellGrad(Cells.LstmGrad o) {
    return cell(o.dh(), o.gates(), (part, from, to) -> AnyCells.lstmGrad(vectors, o, from, to));
  }

  @Override
  public final Call gruCell(Cells.Gru o) {
    return cell(o.h(), o.gates(), (part, from, to) -> AnyCells.gru(vectors, o, from, to));
  }

  @Override
  public final Call gruCellGrad(Cells.GruGrad o) {
    return cell(o.dh(), o.gates(), (part, from, to) -> AnyCells.gruGrad(vectors, o, from, to));
  }
}

package io.hypertape.kernels.gemm;

import io.hypertape.kernels.elementwise.ColumnSums;
import io.hypertape.kernels.elementwise.VectorColumns;
import io.hypertape.kernels.elementwise.VectorElementwise;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.Transposition;
import io.hypertape.kernels.lanes.Workers;
import java.util.Arrays;
import java.util.Objects;

/**
 * Matrix products after Goto and van de Geijn, 'Anatomy of High-Performance Matrix Multiplication'
 * (2008), see {@link BlockedProduct}. Blocks of k depend on k alone, so an element's sum has one
 * order whatever the number of threads. A long k is left to {@link LongProduct}.
 */
public final class VectorProducts implements Products {

  private static final int NR = MicroKernels.NR;

  /** Multiply-adds below which a second thread costs more than it brings. */
  private static final long PARALLEL = 2_000_000;

  private final Workers workers;
  private final BlockedProduct[] threads;
  private final DenseGradient.Means gradients;
  private final float[][] turned;
  private final LongProduct.Room room = new LongProduct.Room();

  /**
   * Products of the threads of some workers.
   *
   * @param workers who share large products
   * @param elementwise of the same
   */
  public VectorProducts(Workers workers, VectorElementwise elementwise) {
    this.workers = workers;
    this.gradients = new DenseGradient.Means(elementwise, new ColumnSums(VectorColumns::add));
    this.threads = new BlockedProduct[workers.count()];
    this.turned = new float[workers.count()][0];
    Arrays.setAll(threads, unused -> new BlockedProduct());
  }

  @Override
  public Call gemm(Matrix a, Matrix b, float beta, Matrix c) {
    ProductChecks.product(a, b, c);
    return product(a, b, beta, c, DenseFinish.NOTHING);
  }

  @Override
  public Call dense(DenseActivation activation, Matrix a, Matrix b, Floats bias, Matrix c) {
    Objects.requireNonNull(activation, "activation");
    ProductChecks.product(a, b, c);
    return product(a, b, 0, c, new DenseFinish(activation, bias.ofLength("bias", c.cols())));
  }

  @Override
  public Call denseGrad(DenseActivation activation, Matrix g, Matrix y, Matrix out, Floats bias) {
    return gradients.call(Objects.requireNonNull(activation, "activation"), g, y, out, bias);
  }

  private Call product(Matrix a, Matrix b, float beta, Matrix c, DenseFinish finish) {
    int k = a.cols();
    if (c.rows() == 0 || c.cols() == 0) {
      return Call.NOTHING;
    }
    if (k > LongProduct.SPAN) {
      Call sums = new LongProduct(this, room, a, b, beta, c);
      return () -> {
        sums.run();
        finish.apply(c);
      };
    }
    if (k == 0) {
      return () -> {
        ProductOrder.scale(beta, c);
        finish.apply(c);
      };
    }
    Call shares = shares(a, b, beta != 0, c, finish);
    if (beta == 0 || beta == 1) {
      return shares;
    }
    return () -> {
      ProductOrder.scale(beta, c);
      shares.run();
    };
  }

  /** c is overwritten, or added to. */
  private Call shares(Matrix a, Matrix b, boolean add, Matrix c, DenseFinish finish) {
    int m = c.rows();
    int n = c.cols();
    int k = a.cols();
    Way way = way(a, n, add);
    int parts = workers.count();
    if (parts == 1 || (long) m * n * k < PARALLEL) {
      return share(way, 0, a, b, add, c, finish);
    }
    boolean byColumns = n >= 2 * NR * parts;
    int length = byColumns ? n : m;
    int unit = byColumns ? NR : unit(way, a);
    Call[] shares = new Call[parts];
    for (int part = 0; part < parts; part++) {
      int from = Workers.edge(length, unit, part, parts);
      int some = Workers.edge(length, unit, part + 1, parts) - from;
      if (some == 0) {
        shares[part] = Call.NOTHING;
      } else if (byColumns) {
        Matrix right = b.part(0, k, from, some);
        shares[part] =
            share(way, part, a, right, add, c.part(0, m, from, some), finish.columns(from, some));
      } else {
        Matrix left = a.part(from, some, 0, k);
        shares[part] = share(way, part, left, b, add, c.part(from, some, 0, n), finish);
      }
    }
    Workers.Task each = (part, unused) -> shares[part].run();
    return () -> workers.run(each);
  }

  /** How a product is computed; the threads' parts of one all in the same way. */
  private enum Way {
    /** Blocks of c, vectors along its rows. */
    BLOCKS,
    /** Such blocks beside c, to be added to it. */
    APART,
    /** The transpose's blocks. */
    TURNED,
    /** Inner products, vectors along k. */
    DOTS
  }

  /** Vectors run along a side that leaves few lanes idle, where that is easy to load. */
  private static Way way(Matrix a, int n, boolean add) {
    boolean several = a.cols() > ProductOrder.CHUNK;
    return switch (ProductOrder.of(a, n)) {
      case CHUNKS -> Way.BLOCKS;
      case DOTS -> Way.DOTS;
      case APART ->
          a.rowStride() == 1 || Transposition.FITS
              ? Way.TURNED
              : add && several ? Way.APART : Way.BLOCKS;
    };
  }

  private Call share(
      Way way, int thread, Matrix a, Matrix b, boolean add, Matrix c, DenseFinish finish) {
    BlockedProduct own = threads[thread];
    return switch (way) {
      case BLOCKS -> {
        own.reserve(a, b);
        yield () -> own.run(a, b, c, add, finish);
      }
      case APART -> {
        Matrix sums = Matrix.dense(atLeast(c.rows(), thread), 0, c.rows(), c.cols());
        own.reserve(a, b);
        yield new TurnedProduct(own, a, b, sums, sums, add, c, finish);
      }
      case TURNED -> {
        Matrix sums = Matrix.dense(atLeast(c.rows(), thread), 0, c.cols(), c.rows());
        Matrix left = b.transposed();
        Matrix right = a.transposed();
        own.reserve(left, right);
        yield new TurnedProduct(own, left, right, sums, sums.transposed(), add, c, finish);
      }
      case DOTS -> {
        own.reserve(VectorDots.rows(a.cols()), VectorDots.columns(c.cols(), a.cols()));
        yield () -> {
          VectorDots.run(a, b, c, add, own.panelA(), own.panelB());
          finish.apply(c);
        };
      }
    };
  }

  /** Rows of a whole block. */
  private static int unit(Way way, Matrix a) {
    return way == Way.BLOCKS || way == Way.APART ? BlockedProduct.height(a) : NR;
  }

  /**
   * Room for a product's sums with few columns. Calls made before keep what they had: it is
   * doubled, so that this is not much in all.
   */
  private float[] atLeast(int rows, int thread) {
    int size = ProductOrder.FEW * rows;
    float[] array = turned[thread];
    turned[thread] = array.length < size ? new float[Math.max(size, 2 * array.length)] : array;
    return turned[thread];
  }
}

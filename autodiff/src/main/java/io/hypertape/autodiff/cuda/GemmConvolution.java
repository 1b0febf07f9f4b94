package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.cuda.CudaKernels.Named;
import io.hypertape.bindings.cuda.ConvolutionGeometry;
import io.hypertape.bindings.cuda.Transpose;
import java.lang.foreign.Arena;

/**
 * Convolution as products of matrices, for want of cuDNN or of an algorithm of its whose results
 * are the same each time: the windows of an image are laid side by side as columns. A filter's
 * products are summed over images in their order, by parts of the batch where that is large.
 */
final class GemmConvolution {

  /** Columns of so many bytes are made in one go, and of one image at least. */
  private static final long CHUNK = 32L << 20;

  /** Images of a part of the batch, at least, and the most parts. */
  private static final int PART = 64;

  private static final int MOST_PARTS = 64;

  private final Launcher launcher;
  private final Gemm gemm;
  private final CudaReductions reductions;
  private final Scratch scratch;
  private final Windows windows;

  GemmConvolution(
      Launcher launcher, Gemm gemm, CudaReductions reductions, Scratch scratch, Arena arena) {
    this.launcher = launcher;
    this.gemm = gemm;
    this.reductions = reductions;
    this.scratch = scratch;
    this.windows = new Windows(arena);
  }

  void forward(ConvolutionGeometry g, long x, long w, long y) {
    Sizes s = new Sizes(g);
    long columns = scratch.reserve(Scratch.Slot.WORKSPACE, s.chunkBytes());
    for (int first = 0; first < g.batch(); first += s.chunk) {
      int images = Math.min(s.chunk, g.batch() - first);
      unfold(g, s, x + s.image * first, columns, images);
      for (int i = 0; i < images * g.groups(); i++) {
        gemm.run(
            Transpose.NO,
            Transpose.NO,
            s.filters,
            s.places,
            s.rows,
            w + s.filterOf(i % g.groups()),
            s.rows,
            columns + s.columnsOf(i),
            s.places,
            0,
            y + s.resultOf(first * g.groups() + i),
            s.places);
      }
    }
  }

  void data(ConvolutionGeometry g, long dy, long w, long dx) {
    Sizes s = new Sizes(g);
    long columns = scratch.reserve(Scratch.Slot.WORKSPACE, s.chunkBytes());
    for (int first = 0; first < g.batch(); first += s.chunk) {
      int images = Math.min(s.chunk, g.batch() - first);
      for (int i = 0; i < images * g.groups(); i++) {
        gemm.run(
            Transpose.YES,
            Transpose.NO,
            s.rows,
            s.places,
            s.filters,
            w + s.filterOf(i % g.groups()),
            s.rows,
            dy + s.resultOf(first * g.groups() + i),
            s.places,
            0,
            columns + s.columnsOf(i),
            s.places);
      }
      int n = Math.toIntExact(s.image / Float.BYTES * images);
      launch(Named.COL2IM, g, columns, dx + s.image * first, n);
    }
  }

  void filter(ConvolutionGeometry g, long x, long dy, long dw) {
    Sizes s = new Sizes(g);
    int parts = Math.min(MOST_PARTS, Launcher.blocks(g.batch(), PART));
    if (parts == 1) {
      filterSums(g, s, g.batch(), x, dy, dw);
      return;
    }
    int weights = s.groups * s.filters * s.rows;
    long sums = scratch.reserve(Scratch.Slot.WEIGHTS, (long) Float.BYTES * weights * parts);
    filterSums(g, s, Launcher.blocks(g.batch(), parts), x, dy, sums);
    int used = Launcher.blocks(g.batch(), Launcher.blocks(g.batch(), parts));
    reductions.sumColumns(sums, weights, used, weights, dw);
  }

  /** The sums of each part, of so many images, one after the other. */
  private void filterSums(ConvolutionGeometry g, Sizes s, int part, long x, long dy, long sums) {
    long columns = scratch.reserve(Scratch.Slot.WORKSPACE, s.chunkBytes());
    for (int first = 0; first < g.batch(); first += s.chunk) {
      int images = Math.min(s.chunk, g.batch() - first);
      unfold(g, s, x + s.image * first, columns, images);
      for (int i = 0; i < images * g.groups(); i++) {
        gemm.run(
            Transpose.NO,
            Transpose.YES,
            s.filters,
            s.rows,
            s.places,
            dy + s.resultOf(first * g.groups() + i),
            s.places,
            columns + s.columnsOf(i),
            s.places,
            (first + i / g.groups()) % part == 0 ? 0 : 1,
            sums + s.filterOf((first + i / g.groups()) / part * g.groups() + i % g.groups()),
            s.rows);
      }
    }
  }

  private void unfold(ConvolutionGeometry g, Sizes s, long x, long columns, int images) {
    int n = Math.toIntExact((long) s.places * s.rows * g.groups() * images);
    launch(Named.IM2COL, g, x, columns, n);
  }

  private void launch(Named kernel, ConvolutionGeometry g, long from, long to, int n) {
    launcher.arguments().pointer(from).pointer(to).bytes(windows.of(g)).int32(n);
    launcher.launch(kernel, launcher.blocksFor(n));
  }

  /** Sizes of the matrices: those of a group in elements, distances in bytes. */
  private static final class Sizes {

    private final int filters;
    private final int rows;
    private final int places;
    private final int groups;
    private final int chunk;
    private final long image;
    private final long group;

    Sizes(ConvolutionGeometry g) {
      filters = g.filters() / g.groups();
      rows = g.channels() / g.groups() * g.filterHeight() * g.filterWidth();
      places = g.outHeight() * g.outWidth();
      image = (long) Float.BYTES * g.channels() * g.height() * g.width();
      group = (long) Float.BYTES * rows * places;
      long columns = group * g.groups();
      if (columns / Float.BYTES > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "convolution: the windows of one image have "
                + columns / Float.BYTES
                + " elements together; without cuDNN 2147483647 is the most");
      }
      chunk = (int) Math.max(1, Math.min(g.batch(), CHUNK / columns));
      groups = g.groups();
    }

    long chunkBytes() {
      return group * groups * chunk;
    }

    /** Where a group's filters begin. */
    long filterOf(int g) {
      return (long) Float.BYTES * filters * rows * g;
    }

    /** Where the columns of a group begin, groups counted through all images of the chunk. */
    long columnsOf(int g) {
      return group * g;
    }

    /** Where the results of a group begin, groups counted through all images. */
    long resultOf(int g) {
      return (long) Float.BYTES * filters * places * g;
    }
  }
}

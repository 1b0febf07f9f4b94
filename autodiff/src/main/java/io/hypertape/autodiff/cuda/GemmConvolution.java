package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.cuda.CudaKernels.Named;
import io.hypertape.bindings.cuda.ConvolutionGeometry;
import io.hypertape.bindings.cuda.Transpose;
import java.lang.foreign.Arena;

/**
 * Convolution as products of matrices, for want of cuDNN or of an algorithm of its whose results
 * are the same each time: the windows of an image are laid side by side as columns, and the
 * products of many images are one call. A filter's products are summed in parts: image i belongs to
 * part i modulo the number of parts, which sums in the order of images; then the parts are summed
 * as the rows of a matrix are.
 */
final class GemmConvolution {

  /** Columns of so many bytes are made in one go, and of one image at least. */
  private static final long CHUNK = 32L << 20;

  /**
   * A filter's sums of parts of the batch take so many bytes together, and of one part at least.
   */
  private static final long SUMS = 64L << 20;

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
      int start = first;
      unfold(g, s, x + s.image * first, columns, images);
      batches(
          g,
          images,
          (image, group, count, perImage) ->
              gemm.runBatch(
                  Transpose.NO,
                  Transpose.NO,
                  s.filters,
                  s.places,
                  s.rows,
                  w + s.filterOf(group),
                  s.rows,
                  perImage ? 0 : s.filterElements(),
                  columns + s.columnsOf(image * s.groups + group),
                  s.places,
                  s.columnElements(perImage),
                  0,
                  y + s.resultOf((image + start) * s.groups + group),
                  s.places,
                  s.resultElements(perImage),
                  count));
    }
  }

  void data(ConvolutionGeometry g, long dy, long w, long dx) {
    Sizes s = new Sizes(g);
    long columns = scratch.reserve(Scratch.Slot.WORKSPACE, s.chunkBytes());
    for (int first = 0; first < g.batch(); first += s.chunk) {
      int images = Math.min(s.chunk, g.batch() - first);
      int start = first;
      batches(
          g,
          images,
          (image, group, count, perImage) ->
              gemm.runBatch(
                  Transpose.YES,
                  Transpose.NO,
                  s.rows,
                  s.places,
                  s.filters,
                  w + s.filterOf(group),
                  s.rows,
                  perImage ? 0 : s.filterElements(),
                  dy + s.resultOf((image + start) * s.groups + group),
                  s.places,
                  s.resultElements(perImage),
                  0,
                  columns + s.columnsOf(image * s.groups + group),
                  s.places,
                  s.columnElements(perImage),
                  count));
      int n = Math.toIntExact(s.image / Float.BYTES * images);
      launch(Named.COL2IM, g, columns, dx + s.image * first, n);
    }
  }

  void filter(ConvolutionGeometry g, long x, long dy, long dw) {
    Sizes s = new Sizes(g);
    int weights = s.groups * s.filters * s.rows;
    long bytes = (long) Float.BYTES * weights;
    int parts = (int) Math.max(1, Math.min(g.batch(), SUMS / bytes));
    if (parts == 1) {
      filterSums(g, s, 1, x, dy, dw);
      return;
    }
    long sums = scratch.reserve(Scratch.Slot.WEIGHTS, bytes * parts);
    filterSums(g, s, parts, x, dy, sums);
    reductions.sumColumns(sums, weights, parts, weights, dw);
  }

  /** The sums of each part, one after the other. */
  private void filterSums(ConvolutionGeometry g, Sizes s, int parts, long x, long dy, long sums) {
    long columns = scratch.reserve(Scratch.Slot.WORKSPACE, s.chunkBytes());
    for (int first = 0; first < g.batch(); first += s.chunk) {
      int images = Math.min(s.chunk, g.batch() - first);
      unfold(g, s, x + s.image * first, columns, images);
      for (int image = first; image < first + images; ) {
        // As many as have a part each.
        int part = image % parts;
        int run = Math.min(parts - part, first + images - image);
        int start = image;
        long from = columns + s.columnsOf((image - first) * s.groups);
        batches(
            g,
            run,
            (at, group, count, perImage) ->
                gemm.runBatch(
                    Transpose.NO,
                    Transpose.YES,
                    s.filters,
                    s.rows,
                    s.places,
                    dy + s.resultOf((start + at) * s.groups + group),
                    s.places,
                    s.resultElements(perImage),
                    from + s.columnsOf(at * s.groups + group),
                    s.places,
                    s.columnElements(perImage),
                    start < parts ? 0 : 1,
                    sums + s.filterOf((part + at) * s.groups + group),
                    s.rows,
                    perImage ? s.filterElements() * s.groups : s.filterElements(),
                    count));
        image += run;
      }
    }
  }

  /** Products of one form: of many images with one group, or of many groups with one image. */
  private interface Products {

    /**
     * Queues them.
     *
     * @param image the first one's
     * @param group the first one's
     * @param count how many
     * @param perImage whether the next is the next image's, or the next group's of the same image
     */
    void queue(int image, int group, int count, boolean perImage);
  }

  /** In as few calls as that takes; no product depends on another. */
  private static void batches(ConvolutionGeometry g, int images, Products products) {
    if (images >= g.groups()) {
      for (int group = 0; group < g.groups(); group++) {
        products.queue(0, group, images, true);
      }
    } else {
      for (int image = 0; image < images; image++) {
        products.queue(image, 0, g.groups(), false);
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

    /** A group's weights. */
    long filterElements() {
      return (long) filters * rows;
    }

    /**
     * From the columns of a group to the next image's of the same group, or to the next group's.
     */
    long columnElements(boolean perImage) {
      return group / Float.BYTES * (perImage ? groups : 1);
    }

    /** The same between results. */
    long resultElements(boolean perImage) {
      return (long) filters * places * (perImage ? groups : 1);
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

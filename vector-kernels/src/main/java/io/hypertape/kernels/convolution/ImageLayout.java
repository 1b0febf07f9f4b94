package io.hypertape.kernels.convolution;

/**
 * How a few planes of a block of images lie while a convolution reads them: with the rows and
 * columns around them that windows reach, which are 0; with columns apart by their remainder modulo
 * the stride, a slot for each; and with the images of a block interleaved, so that images narrower
 * than a vector fill it. Sums for neighbouring columns then always read neighbouring elements.
 *
 * <p>Or where they lie already, if there is nothing to be done.
 */
final class ImageLayout {

  private final int height;
  private final int width;

  /** Images of a block. */
  final int images;

  private final int firstRow;
  private final int rows;
  private final int stride;
  private final int[] firstColumn;
  private final int slot;

  /** Whether images are read where they are. */
  final boolean inPlace;

  /** Elements between rows. */
  final int row;

  /** Elements between planes. */
  final int plane;

  /** Offset of the first element from where a plane begins. */
  final int origin;

  /**
   * Lays images out.
   *
   * @param height rows of an image
   * @param width columns of an image
   * @param images of a block, interleaved
   * @param firstRow the first row of an image that is read; may be negative
   * @param rows how many rows are read
   * @param stride of columns: slot i has columns firstColumn[i] + j · stride
   * @param firstColumn for each slot; may be negative
   * @param slot elements of a slot
   */
  ImageLayout(
      int height,
      int width,
      int images,
      int firstRow,
      int rows,
      int stride,
      int[] firstColumn,
      int slot) {
    this.height = height;
    this.width = width;
    this.images = images;
    this.firstRow = firstRow;
    this.rows = rows;
    this.stride = stride;
    this.firstColumn = firstColumn;
    this.slot = slot;
    this.inPlace =
        images == 1
            && stride == 1
            && firstColumn.length == 1
            && firstRow >= 0
            && firstRow + rows <= height
            && firstColumn[0] >= 0
            && firstColumn[0] + slot <= width;
    this.row = inPlace ? width : slot * firstColumn.length;
    this.plane = inPlace ? height * width : Math.multiplyExact(rows, row);
    this.origin = inPlace ? firstRow * width + firstColumn[0] : 0;
  }

  /** Elements of an image's plane. */
  int imagePlane() {
    return height * width;
  }

  /** Where an image's row and a slot's column begin within a plane, both as if they existed. */
  int at(int imageRow, int slotIndex, int column) {
    return (imageRow - firstRow) * row + slotIndex * slot + column * images;
  }

  /**
   * Copies planes of some images of a block; what surrounds them has to be 0 already.
   *
   * @param count images there are
   * @param planes how many planes
   * @param x the images
   * @param at offset of the first plane of the first image
   * @param step elements between images
   * @param out written
   * @param to offset of the first plane
   */
  void copy(int count, int planes, float[] x, int at, int step, float[] out, int to) {
    int top = Math.max(firstRow, 0);
    int lines = Math.min(height, firstRow + rows) - top;
    if (lines <= 0) {
      return;
    }
    for (int i = 0; i < firstColumn.length; i++) {
      // Of the slot's columns those are copied that the image has.
      int first = firstColumn[i] >= 0 ? 0 : (stride - 1 - firstColumn[i]) / stride;
      int left = firstColumn[i] + first * stride;
      int end = left >= width ? first : first + (width - 1 - left) / stride + 1;
      int n = Math.min(end, slot / images) - first;
      if (n <= 0) {
        continue;
      }
      int into = to + (top - firstRow) * row + i * slot + first * images;
      for (int c = 0; c < planes; c++) {
        lines(
            count,
            lines,
            n,
            x,
            at + (c * height + top) * width + left,
            step,
            out,
            into + c * plane);
      }
    }
  }

  private void lines(
      int count, int lines, int n, float[] x, int at, int step, float[] out, int to) {
    if (images == 1 && stride == 1) {
      RowCopies.plain(lines, n, x, at, width, out, to, row);
    } else if (images == 1 && stride == 2) {
      RowCopies.everySecond(lines, n, x, at, width, out, to, row);
    } else if (count == 2 && images == 2 && stride == 1 && RowCopies.pairs(n)) {
      RowCopies.pair(lines, n, x, at, at + step, width, out, to, row);
    } else if (count == 2 && images == 2 && stride == 2 && RowCopies.pairs(n)) {
      RowCopies.pairEverySecond(lines, n, x, at, at + step, width, out, to, row);
    } else {
      for (int b = 0; b < count; b++) {
        RowCopies.scattered(lines, n, x, at + b * step, width, stride, out, to + b, row, images);
      }
    }
  }
}

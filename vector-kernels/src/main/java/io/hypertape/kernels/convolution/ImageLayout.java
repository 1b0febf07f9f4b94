package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.LeafLoop;

/**
 * How a few planes of a block of images lie while a convolution reads them: with the rows and
 * columns around them that windows reach, which are 0; with columns apart by their remainder modulo
 * the stride, a slot for each; and with the images of a block interleaved, so that images narrower
 * than a vector fill it, or with bands of the rows of a single image, as if they were images. Sums
 * for neighbouring columns then always read neighbouring elements.
 *
 * <p>Or where they lie already, if there is nothing to be done.
 *
 * @param lanes of the vectors that copy images; 1 if there are none
 * @param source where they lie before
 * @param images of a block, or bands, interleaved
 * @param bandRows rows from a band to the next; 0 if there are images
 * @param firstRow the first row of an image that is read; may be negative
 * @param rows how many rows are read
 * @param stride of columns: slot i has columns firstColumn[i] + j · stride
 * @param firstColumn for each slot; may be negative
 * @param slot elements of a slot
 */
record ImageLayout(
    int lanes,
    Images source,
    int images,
    int bandRows,
    int firstRow,
    int rows,
    int stride,
    int[] firstColumn,
    int slot) {

  /** Whether images are read where they are. */
  boolean inPlace() {
    return images == 1
        && stride == 1
        && firstColumn.length == 1
        && firstRow >= 0
        && firstRow + rows <= source.height()
        && firstColumn[0] >= 0
        && firstColumn[0] + slot <= source.width();
  }

  /** Elements between rows. */
  int row() {
    return inPlace() ? source.width() : slot * firstColumn.length;
  }

  /** Elements between planes. */
  int plane() {
    return inPlace() ? source.plane() : Math.multiplyExact(rows, row());
  }

  /** Offset of the first element from where a plane begins. */
  int origin() {
    return inPlace() ? firstRow * source.width() + firstColumn[0] : 0;
  }

  /** Where an image's row and a slot's column begin within a plane, both as if they existed. */
  int at(int imageRow, int slotIndex, int column) {
    return (imageRow - firstRow) * row() + slotIndex * slot + column * images;
  }

  /**
   * Copies planes of some images of a block; what surrounds them has to be 0 already.
   *
   * @param count images there are
   * @param planes how many planes
   * @param x the images
   * @param at offset of the first plane of the first image
   * @param out written
   * @param to offset of the first plane
   */
  void copy(int count, int planes, float[] x, int at, float[] out, int to) {
    // Rows, counted from the first one that is read, that all have.
    int top = Math.max(0, -firstRow);
    int bottom = Math.max(top, Math.min(rows, below(images - 1)));
    for (int i = 0; i < firstColumn.length; i++) {
      // Of the slot's columns those are copied that the image has.
      int first = firstColumn[i] >= 0 ? 0 : (stride - 1 - firstColumn[i]) / stride;
      int left = firstColumn[i] + first * stride;
      int end = left >= source.width() ? first : first + (source.width() - 1 - left) / stride + 1;
      int n = Math.min(end, slot / images) - first;
      if (n <= 0) {
        continue;
      }
      int into = to + i * slot + first * images;
      for (int c = 0; c < planes; c++) {
        int from = at + (c * source.height() + firstRow) * source.width() + left;
        int here = into + c * plane();
        lines(count, bottom - top, n, x, from + top * source.width(), out, here + top * row());
        for (int b = 0; bandRows > 0 && b < images; b++) {
          // What one band has alone, above and below.
          band(
              b,
              Math.max(0, -firstRow - b * bandRows),
              Math.min(top, below(b)),
              n,
              x,
              from,
              out,
              here);
          band(b, bottom, Math.min(rows, below(b)), n, x, from, out, here);
        }
      }
    }
  }

  /** Rows of an image from the first one that is read on, or from a band's. */
  private int below(int band) {
    return source.height() - firstRow - band * bandRows;
  }

  private void band(
      int band, int top, int bottom, int n, float[] x, int from, float[] out, int to) {
    int at = from + (top + band * bandRows) * source.width();
    int into = to + top * row() + band;
    scatter(bottom - top, n, x, at, source.width(), stride, out, into, row(), images);
  }

  /** Elements from an image to the next, or from a band to the next. */
  private int step() {
    return bandRows > 0 ? bandRows * source.width() : source.at(1, 0);
  }

  private void lines(int count, int lines, int n, float[] x, int at, float[] out, int to) {
    int width = source.width();
    int row = row();
    int step = step();
    boolean pair = count == 2 && images == 2 && stride <= 2;
    if (lanes > 1 && images == 1 && stride == 1) {
      RowCopies.plain(lines, n, x, at, width, out, to, row);
    } else if (lanes > 1 && images == 1 && stride == 2) {
      RowCopies.everySecond(lines, n, x, at, width, out, to, row);
    } else if (lanes > 1 && pair) {
      // Half a vector of each image's row at a time.
      for (int j = 0; j < n; j += lanes / 2) {
        int some = Math.min(lanes / 2, n - j);
        int from = at + j * stride;
        if (stride == 1) {
          RowCopies.pair(lines, some, x, from, from + step, width, out, to + 2 * j, row);
        } else {
          RowCopies.pairEverySecond(lines, some, x, from, from + step, width, out, to + 2 * j, row);
        }
      }
    } else {
      for (int b = 0; b < count; b++) {
        scatter(lines, n, x, at + b * step, width, stride, out, to + b, row, images);
      }
    }
  }

  /** Elements so far apart, one by one. */
  @LeafLoop
  static void scatter(
      int rows,
      int n,
      float[] x,
      int at,
      int step,
      int from,
      float[] out,
      int to,
      int outStep,
      int into) {
    for (int i = 0; i < rows; i++) {
      int source = at + i * step;
      int target = to + i * outStep;
      for (int j = 0; j < n; j++) {
        out[target + j * into] = x[source + j * from];
      }
    }
  }
}

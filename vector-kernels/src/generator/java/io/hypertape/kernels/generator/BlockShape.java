package io.hypertape.kernels.generator;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of the table: blocks of so many rows, one for each number of columns.
 *
 * @param kind what they compute
 * @param rows of a block
 * @param columns vectors of a block, or what the kind has in their place
 * @param few whether the block is only for machines with few registers
 * @param masked whether the last vector may lie across the edge
 */
record BlockShape(Kind kind, int rows, List<Integer> columns, boolean few, boolean masked) {

  /** What a block computes, and how. */
  enum Kind {
    /** c += a·b, a packed in a panel. */
    PACKED,
    /** c += a·b, rows of a where they lie. */
    DIRECT,
    /** c += a·b for few columns, vectors along k. */
    DOTS,
    /** Sums of a convolution's taps. */
    CONVOLUTION,
    /** Sums of a convolution's filter gradient. */
    FILTER
  }

  /** a packed: rows by each of these numbers of vectors. */
  static BlockShape packed(int rows, Integer... vectors) {
    return new BlockShape(Kind.PACKED, rows, List.of(vectors), false, false);
  }

  /** a where it lies: rows by each of these numbers of vectors. */
  static BlockShape direct(int rows, Integer... vectors) {
    return new BlockShape(Kind.DIRECT, rows, List.of(vectors), false, false);
  }

  /** Inner products: rows by so many columns. */
  static BlockShape dots(int rows, int columns) {
    return new BlockShape(Kind.DOTS, rows, List.of(columns), false, false);
  }

  /** Planes of a convolution's output by so many vectors. */
  static BlockShape convolution(int planes, int vectors) {
    return new BlockShape(Kind.CONVOLUTION, planes, List.of(vectors), false, false);
  }

  /** Filters by each of these numbers of taps. */
  static BlockShape filter(int filters, Integer... taps) {
    return new BlockShape(Kind.FILTER, filters, List.of(taps), false, false);
  }

  /** The same, only where registers are few: elsewhere a larger block takes its place. */
  BlockShape whereRegistersAreFew() {
    return new BlockShape(kind, rows, columns, true, masked);
  }

  /** The same with a last vector of which only the first lanes count. */
  BlockShape withMaskedEdge() {
    return new BlockShape(kind, rows, columns, few, true);
  }

  /**
   * Which block computes some numbers of rows.
   *
   * @param counts numbers of rows
   * @param many rows of the block that does, where registers are many
   * @param few the same where they are few
   */
  record Choice(List<Integer> counts, int many, int few) {

    /** The label of its case. */
    String label() {
      return "case " + String.join(", ", counts.stream().map(String::valueOf).toList());
    }
  }

  /**
   * For every number of rows the smallest block that has as many, the largest first.
   *
   * @param shapes blocks of one kind and width
   * @param spare most rows that a block may have beyond what it computes
   * @throws IllegalArgumentException if a number of rows has no such block
   */
  static List<Choice> choices(List<BlockShape> shapes, int spare) {
    List<Choice> choices = new ArrayList<>();
    int most = shapes.stream().mapToInt(BlockShape::rows).max().orElse(0);
    for (int n = 1; n <= most; n++) {
      int many = smallest(shapes, n, spare, false);
      int few = smallest(shapes, n, spare, true);
      Choice last = choices.isEmpty() ? null : choices.getLast();
      if (last != null && last.many == many && last.few == few) {
        last.counts.add(n);
      } else {
        choices.add(new Choice(new ArrayList<>(List.of(n)), many, few));
      }
    }
    return choices.reversed();
  }

  private static int smallest(List<BlockShape> shapes, int n, int spare, boolean few) {
    return shapes.stream()
        .filter(shape -> few || !shape.few)
        .mapToInt(BlockShape::rows)
        .filter(rows -> rows >= n && rows - n <= spare)
        .min()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    shapes.get(0).kind
                        + " blocks: none for "
                        + n
                        + (n == 1 ? " row" : " rows")
                        + "; of one that has more, at most "
                        + spare
                        + " may be to spare"));
  }
}

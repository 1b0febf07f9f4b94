package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.cuda.CudaKernels.Named;
import java.lang.foreign.Arena;

/**
 * CudaReductions along axes: rows, columns, or any strides. How the work is cut depends on the
 * sizes alone, never on the GPU, so equal inputs give equal bits everywhere.
 */
final class CudaReductions {

  /** Up to this length a row is a warp's, if there are enough rows to keep the GPU busy. */
  private static final int SHORT_ROW = 1024;

  private static final int FEW_ROWS = 8;

  /** Elements of a row, or rows of a column, that are worth a block of their own. */
  private static final int ROW_PIECE = 4096;

  private static final int COLUMN_PIECE = 512;

  /** Pieces are for filling the GPU: with so many blocks there is no need. */
  private static final int ENOUGH_BLOCKS = 1024;

  /** From this number on the elements of one result are a block's work, not a thread's. */
  private static final int MANY_ELEMENTS = 64;

  private static final int TILE = 32;

  private final Launcher launcher;
  private final Copies copies;
  private final Scratch scratch;
  private final Axes kept;
  private final Axes reduced;
  private final StepProgram program;

  CudaReductions(
      Launcher launcher, Copies copies, Scratch scratch, StepProgram program, Arena arena) {
    this.program = program;
    this.launcher = launcher;
    this.copies = copies;
    this.scratch = scratch;
    this.kept = new Axes(arena);
    this.reduced = new Axes(arena);
  }

  void reduce(ReduceOp op, View in, View out) {
    int results = out.size();
    if (results == 0) {
      return;
    }
    split(in, out);
    int count = reduced.size();
    long x = CudaStorage.address(in);
    long y = CudaStorage.address(out);
    if (count == 1) {
      copies.copy(in, out);
    } else if (op == ReduceOp.SUM
        && results == 1
        && count > 1
        && count <= StepProgram.LONGEST_SUM
        && reduced.rank() == 1
        && reduced.stride(0, 0) == 1) {
      program.sum(x, count, y);
    } else if (count == 0 || reduced.rank() > 1 || kept.rank() > 1) {
      strided(op, x, y, results, count);
    } else if (reduced.stride(0, 0) == 1) {
      rows(op, x, y, results, count);
    } else if (kept.rank() == 1 && kept.stride(0, 0) == 1) {
      columns(op, x, y, results, count);
    } else {
      strided(op, x, y, results, count);
    }
  }

  /** Axes that out keeps: strides of in and out; the others: strides of in. */
  private void split(View in, View out) {
    kept.clear();
    reduced.clear();
    for (int axis = 0; axis < in.rank(); axis++) {
      int length = in.shape()[axis];
      if (out.shape()[axis] == length) {
        kept.append(length, in.strides()[axis], out.strides()[axis], 0);
      } else {
        reduced.append(length, in.strides()[axis], 0, 0);
      }
    }
  }

  private void rows(ReduceOp op, long in, long out, int rows, int columns) {
    int rowStep = kept.rank() == 0 ? 0 : kept.stride(0, 0);
    int outStep = kept.rank() == 0 ? 1 : kept.stride(1, 0);
    if (columns <= SHORT_ROW && rows >= FEW_ROWS) {
      launcher
          .arguments()
          .int32(op.ordinal())
          .pointer(in)
          .int32(rowStep)
          .int32(rows)
          .int32(columns)
          .pointer(out)
          .int32(outStep);
      launcher.launch(Named.REDUCE_SHORT_ROWS, Launcher.blocks(rows, Launcher.WARPS));
      return;
    }
    int pieces = pieces(columns, ROW_PIECE, rows);
    if (pieces == 1) {
      rowPieces(op, in, rowStep, rows, columns, 1, out, outStep);
    } else {
      long partials = scratch.reserve(Scratch.Slot.PARTIALS, 4L * rows * pieces);
      rowPieces(op, in, rowStep, rows, columns, pieces, partials, 1);
      rowPieces(op, partials, pieces, rows, pieces, 1, out, outStep);
    }
  }

  private void rowPieces(
      ReduceOp op, long in, int rowStep, int rows, int columns, int pieces, long out, int outStep) {
    launcher
        .arguments()
        .int32(op.ordinal())
        .pointer(in)
        .int32(rowStep)
        .int32(columns)
        .int32(pieces)
        .int32(Launcher.blocks(columns, pieces))
        .pointer(out)
        .int32(outStep);
    launcher.launch(Named.REDUCE_ROWS, rows * pieces);
  }

  private void columns(ReduceOp op, long in, long out, int columns, int rows) {
    columns(op, in, reduced.stride(0, 0), rows, columns, out, kept.stride(1, 0));
  }

  /** out = the sums of the columns of a matrix that has elements, whose rows are dense. */
  void sumColumns(long in, int rowStep, int rows, int columns, long out) {
    columns(ReduceOp.SUM, in, rowStep, rows, columns, out, 1);
  }

  private void columns(
      ReduceOp op, long in, int rowStep, int rows, int columns, long out, int outStep) {
    int pieces = pieces(rows, COLUMN_PIECE, Launcher.blocks(columns, TILE));
    if (pieces == 1) {
      columnPieces(op, in, rowStep, rows, columns, 1, out, 0, outStep);
    } else {
      long partials = scratch.reserve(Scratch.Slot.PARTIALS, 4L * columns * pieces);
      columnPieces(op, in, rowStep, rows, columns, pieces, partials, columns, 1);
      columnPieces(op, partials, columns, pieces, columns, 1, out, 0, outStep);
    }
  }

  private void columnPieces(
      ReduceOp op,
      long in,
      int rowStep,
      int rows,
      int columns,
      int pieces,
      long out,
      int pieceStep,
      int outStep) {
    int tiles = Launcher.blocks(columns, TILE);
    launcher
        .arguments()
        .int32(op.ordinal())
        .pointer(in)
        .int32(rowStep)
        .int32(rows)
        .int32(columns)
        .int32(tiles)
        .int32(Launcher.blocks(rows, pieces))
        .pointer(out)
        .int32(pieceStep)
        .int32(outStep);
    launcher.launch(Named.REDUCE_COLUMNS, tiles * pieces);
  }

  /** How many blocks the columns of a matrix are cut into. */
  static int tiles(int columns) {
    return Launcher.blocks(columns, TILE);
  }

  /** How many pieces the rows of a matrix are cut into for sums of its columns. */
  static int pieces(int rows, int columns) {
    return pieces(rows, COLUMN_PIECE, tiles(columns));
  }

  /** out = the sums of so many pieces of columns, one piece after the other. */
  void sumPieces(long partials, int columns, int pieces, long out) {
    columnPieces(ReduceOp.SUM, partials, columns, pieces, columns, 1, out, 0, 1);
  }

  private static int pieces(int length, int worthwhile, int blocks) {
    return Math.max(1, Math.min(length / worthwhile, ENOUGH_BLOCKS / blocks));
  }

  private void strided(ReduceOp op, long in, long out, int results, int count) {
    boolean many = count >= MANY_ELEMENTS;
    launcher
        .arguments()
        .int32(op.ordinal())
        .pointer(count == 0 ? scratch.ofNothing() : in)
        .pointer(out)
        .bytes(kept.struct("reduce"))
        .int32(results)
        .bytes(reduced.struct("reduce"))
        .int32(count);
    launcher.launch(
        many ? Named.REDUCE_STRIDED : Named.REDUCE_STRIDED_SHORT,
        many ? launcher.capped(results) : launcher.blocksFor(results));
  }
}

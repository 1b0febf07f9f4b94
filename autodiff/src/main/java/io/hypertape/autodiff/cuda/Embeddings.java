package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.cuda.CudaKernels.Named;

/** Rows of a table by index, and sums of rows by index. */
final class Embeddings {

  private final Launcher launcher;
  private final Copies copies;
  private final IndexErrors errors;
  private final Scratch scratch;

  Embeddings(Launcher launcher, Copies copies, IndexErrors errors, Scratch scratch) {
    this.launcher = launcher;
    this.copies = copies;
    this.errors = errors;
    this.scratch = scratch;
  }

  void gather(View table, View index, View out) {
    int count = index.size();
    if (count == 0) {
      return;
    }
    long indices = CudaStorage.address(index);
    int n = out.size();
    launcher
        .arguments()
        // With no columns both are nothing: the table is const, and may be where the indices are.
        .pointer(table.size() == 0 ? indices : CudaStorage.address(table))
        .pointer(indices)
        .pointer(n == 0 ? scratch.ofNothing() : CudaStorage.address(out))
        .int32(count)
        .int32(table.shape()[0])
        .int32(Math.max(1, table.shape()[1]))
        .int32(n)
        .pointer(errors.cell());
    launcher.launch(Named.GATHER_ROWS, launcher.blocksFor(n));
  }

  void scatter(View in, View index, View out) {
    int count = index.size();
    if (count == 0) {
      if (out.size() > 0) {
        copies.fill(0, out);
      }
      return;
    }
    long indices = CudaStorage.address(index);
    int rows = out.shape()[0];
    int columns = out.shape()[1];
    int tiles = columns == 0 ? 0 : Launcher.blocks(columns, Launcher.BLOCK);
    launcher
        .arguments()
        .pointer(in.size() == 0 ? indices : CudaStorage.address(in))
        .pointer(indices)
        .pointer(out.size() == 0 ? scratch.ofNothing() : CudaStorage.address(out))
        .int32(count)
        .int32(rows)
        .int32(columns)
        .int32(tiles)
        .pointer(errors.cell());
    launcher.launch(Named.SCATTER_ROWS, launcher.capped(Math.max(1, rows * tiles)));
  }
}

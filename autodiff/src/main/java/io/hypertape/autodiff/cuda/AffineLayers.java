package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.cuda.CudaKernels.Named;

/** Dense layers: a product by cuBLAS, and all else in one kernel, there and back. */
final class AffineLayers {

  private final Launcher launcher;
  private final Gemm gemm;
  private final Copies copies;
  private final CudaReductions reductions;
  private final Scratch scratch;

  AffineLayers(
      Launcher launcher, Gemm gemm, Copies copies, CudaReductions reductions, Scratch scratch) {
    this.launcher = launcher;
    this.gemm = gemm;
    this.copies = copies;
    this.reductions = reductions;
    this.scratch = scratch;
  }

  /** out = f(x·wᵀ + bias). */
  void forward(View x, View w, View bias, Epilogue epilogue, View out) {
    int n = out.size();
    if (n == 0) {
      return;
    }
    gemm.run(x, w.transposed(), 0, out);
    int columns = out.shape()[1];
    long z = CudaStorage.address(out);
    long b = CudaStorage.address(bias);
    int quads = columns % 4 == 0 && Launcher.isAligned(z | b) ? n / 4 : 0;
    launcher
        .arguments()
        .int32(epilogue.ordinal())
        .pointer(z)
        .pointer(b)
        .int32(columns)
        .int32(n)
        .int32(quads);
    launcher.launch(Named.AFFINE_EPILOGUE, launcher.blocksFor(quads > 0 ? quads : n));
  }

  /** sums = f'(output)·cotangent, bias = the sums of its columns. */
  void gradient(Epilogue epilogue, View cotangent, View output, View sums, View bias) {
    int rows = sums.shape()[0];
    int columns = sums.shape()[1];
    if (sums.size() == 0) {
      if (columns > 0) {
        copies.fill(0, bias);
      }
      return;
    }
    int tiles = CudaReductions.tiles(columns);
    int pieces = CudaReductions.pieces(rows, columns);
    long out =
        pieces == 1
            ? CudaStorage.address(bias)
            : scratch.reserve(Scratch.Slot.PARTIALS, 4L * columns * pieces);
    launcher
        .arguments()
        .int32(epilogue.ordinal())
        .pointer(CudaStorage.address(cotangent))
        .pointer(CudaStorage.address(output))
        .pointer(CudaStorage.address(sums))
        .int32(rows)
        .int32(columns)
        .int32(tiles)
        .int32(Launcher.blocks(rows, pieces))
        .pointer(out);
    launcher.launch(Named.AFFINE_GRAD, tiles * pieces);
    if (pieces > 1) {
      reductions.sumPieces(out, columns, pieces, CudaStorage.address(bias));
    }
  }
}

package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.ConvolutionPass;
import io.hypertape.autodiff.backend.RecordingException;
import io.hypertape.autodiff.backend.View;
import io.hypertape.bindings.cuda.ConvolutionDirection;
import io.hypertape.bindings.cuda.ConvolutionGeometry;
import io.hypertape.bindings.cuda.CudaException;
import io.hypertape.bindings.cuda.CudnnConvolution;
import io.hypertape.bindings.cuda.CudnnConvolutionPlan;
import io.hypertape.bindings.cuda.CudnnHandle;
import io.hypertape.tensor.Convolution;
import java.util.Locale;
import java.util.Optional;

/** Convolutions by cuDNN where it has an algorithm that is the same each time, else by cuBLAS. */
final class CudaConvolutions {

  private final Optional<CudnnConvolution> cudnn;
  private final GemmConvolution products;
  private final Copies copies;
  private final Scratch scratch;
  private final Recorder recorder;
  private final Fallbacks fallbacks;

  CudaConvolutions(
      Optional<CudnnConvolution> cudnn,
      GemmConvolution products,
      Copies copies,
      Scratch scratch,
      Recorder recorder,
      Fallbacks fallbacks) {
    this.cudnn = cudnn;
    this.products = products;
    this.copies = copies;
    this.scratch = scratch;
    this.recorder = recorder;
    this.fallbacks = fallbacks;
  }

  void run(ConvolutionPass pass, Convolution form, View a, View b, View out) {
    if (out.size() == 0) {
      return;
    }
    if (a.size() == 0 || b.size() == 0) {
      copies.fill(0, out);
      return;
    }
    ConvolutionGeometry geometry =
        switch (pass) {
          case FORWARD -> geometry(form, a.shape(), b.shape());
          case DATA -> geometry(form, out.shape(), b.shape());
          case FILTER -> geometry(form, a.shape(), out.shape());
        };
    long from = CudaStorage.address(a);
    long with = CudaStorage.address(b);
    long to = CudaStorage.address(out);
    // cuDNN reads and writes several numbers at once.
    if (!Launcher.isAligned(from | with | to)) {
      note(pass, geometry, "an operand begins at an address that cuDNN does not take");
    } else if (isDoneByCudnn(pass, geometry, from, with, to)) {
      return;
    }
    switch (pass) {
      case FORWARD -> products.forward(geometry, from, with, to);
      case DATA -> products.data(geometry, from, with, to);
      case FILTER -> products.filter(geometry, from, with, to);
    }
  }

  /** False if cuDNN is missing, or has nothing for this product. */
  private boolean isDoneByCudnn(
      ConvolutionPass pass, ConvolutionGeometry geometry, long from, long with, long to) {
    if (cudnn.isEmpty()) {
      fallbacks.note("convolutions by products of cuBLAS", "there is no cuDNN");
      return false;
    }
    CudnnConvolution library = cudnn.orElseThrow();
    ConvolutionDirection direction =
        switch (pass) {
          case FORWARD -> ConvolutionDirection.FORWARD;
          case DATA -> ConvolutionDirection.DATA;
          case FILTER -> ConvolutionDirection.FILTER;
        };
    // What cuDNN loads at first for an algorithm is no work that a graph could hold.
    if (recorder.isRecording() && !library.isPlanned(direction, geometry)) {
      throw new RecordingException(
          "convolution: a shape that is new cannot be recorded; run the same work once before"
              + " recording it");
    }
    Optional<CudnnConvolutionPlan> plan = library.plan(direction, geometry);
    if (plan.isEmpty()) {
      note(pass, geometry, "cuDNN has no algorithm for it that gives the same bits each time");
      return false;
    }
    CudnnConvolutionPlan chosen = plan.orElseThrow();
    long workspace = scratch.reserve(Scratch.Slot.WORKSPACE, chosen.workspaceBytes());
    try {
      chosen.run(from, with, to, workspace);
      return true;
    } catch (CudaException e) {
      if (!CudnnHandle.isUnsupported(e)) {
        throw e;
      }
      // Its heuristics promise more than it holds now and then.
      note(pass, geometry, e.getMessage());
      library.giveUp(direction, geometry);
      return false;
    }
  }

  private void note(ConvolutionPass pass, ConvolutionGeometry g, String why) {
    String filter = g.filterHeight() + "×" + g.filterWidth();
    fallbacks.note(
        "convolution "
            + filter
            + " of "
            + g.channels()
            + " to "
            + g.filters()
            + " channels ("
            + pass.name().toLowerCase(Locale.ROOT)
            + ") by products of cuBLAS",
        why);
  }

  private static ConvolutionGeometry geometry(Convolution form, int[] x, int[] w) {
    return new ConvolutionGeometry(
        x[0],
        x[1],
        x[2],
        x[3],
        w[0],
        w[2],
        w[3],
        form.strideHeight(),
        form.strideWidth(),
        form.padHeight(),
        form.padWidth(),
        form.dilationHeight(),
        form.dilationWidth(),
        form.groups());
  }
}

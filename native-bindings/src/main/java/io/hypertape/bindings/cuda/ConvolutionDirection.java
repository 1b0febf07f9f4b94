package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cudnn.Cudnn;
import java.lang.foreign.MemorySegment;

/** The products of a convolution, each of which has its own functions and algorithms in cuDNN. */
public enum ConvolutionDirection {
  /** y from x and w. */
  FORWARD("cudnnConvolutionForward", "Forward") {
    @Override
    int heuristics(
        CudnnConvolutionPlan p, int count, MemorySegment returned, MemorySegment results) {
      return Cudnn.cudnnGetConvolutionForwardAlgorithm_v7(
          p.cudnn(), p.x(), p.w(), p.form(), p.y(), count, returned, results);
    }

    @Override
    int workspace(CudnnConvolutionPlan p, int algorithm, MemorySegment bytes) {
      return Cudnn.cudnnGetConvolutionForwardWorkspaceSize(
          p.cudnn(), p.x(), p.w(), p.form(), p.y(), algorithm, bytes);
    }

    @Override
    int run(CudnnConvolutionPlan p, long a, long b, long out, MemorySegment space, long bytes) {
      return Cudnn.cudnnConvolutionForward(
          p.cudnn(),
          p.one(),
          p.x(),
          MemorySegment.ofAddress(a),
          p.w(),
          MemorySegment.ofAddress(b),
          p.form(),
          p.algorithm(),
          space,
          bytes,
          p.zero(),
          p.y(),
          MemorySegment.ofAddress(out));
    }
  },
  /** x's cotangent from y's and w. */
  DATA("cudnnConvolutionBackwardData", "BackwardData") {
    @Override
    int heuristics(
        CudnnConvolutionPlan p, int count, MemorySegment returned, MemorySegment results) {
      return Cudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7(
          p.cudnn(), p.w(), p.y(), p.form(), p.x(), count, returned, results);
    }

    @Override
    int workspace(CudnnConvolutionPlan p, int algorithm, MemorySegment bytes) {
      return Cudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
          p.cudnn(), p.w(), p.y(), p.form(), p.x(), algorithm, bytes);
    }

    @Override
    int run(CudnnConvolutionPlan p, long a, long b, long out, MemorySegment space, long bytes) {
      return Cudnn.cudnnConvolutionBackwardData(
          p.cudnn(),
          p.one(),
          p.w(),
          MemorySegment.ofAddress(b),
          p.y(),
          MemorySegment.ofAddress(a),
          p.form(),
          p.algorithm(),
          space,
          bytes,
          p.zero(),
          p.x(),
          MemorySegment.ofAddress(out));
    }
  },
  /** w's cotangent from x and y's cotangent. */
  FILTER("cudnnConvolutionBackwardFilter", "BackwardFilter") {
    @Override
    int heuristics(
        CudnnConvolutionPlan p, int count, MemorySegment returned, MemorySegment results) {
      return Cudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7(
          p.cudnn(), p.x(), p.y(), p.form(), p.w(), count, returned, results);
    }

    @Override
    int workspace(CudnnConvolutionPlan p, int algorithm, MemorySegment bytes) {
      return Cudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(
          p.cudnn(), p.x(), p.y(), p.form(), p.w(), algorithm, bytes);
    }

    @Override
    int run(CudnnConvolutionPlan p, long a, long b, long out, MemorySegment space, long bytes) {
      return Cudnn.cudnnConvolutionBackwardFilter(
          p.cudnn(),
          p.one(),
          p.x(),
          MemorySegment.ofAddress(a),
          p.y(),
          MemorySegment.ofAddress(b),
          p.form(),
          p.algorithm(),
          space,
          bytes,
          p.zero(),
          p.w(),
          MemorySegment.ofAddress(out));
    }
  };

  private final NativeFunction running;
  private final NativeFunction heuristics;
  private final NativeFunction workspace;

  ConvolutionDirection(String function, String name) {
    this.running =
        new NativeFunction(
            Api.CUDNN,
            function,
            "geometry",
            "algorithm",
            "a*",
            "b*",
            "out*",
            "workSpace*",
            "bytes");
    this.heuristics =
        new NativeFunction(Api.CUDNN, "cudnnGetConvolution" + name + "Algorithm_v7", "geometry");
    this.workspace =
        new NativeFunction(
            Api.CUDNN, "cudnnGetConvolution" + name + "WorkspaceSize", "geometry", "algorithm");
  }

  /** The three structures of results have one layout. */
  abstract int heuristics(
      CudnnConvolutionPlan plan, int count, MemorySegment returned, MemorySegment results);

  abstract int workspace(CudnnConvolutionPlan plan, int algorithm, MemorySegment bytes);

  abstract int run(
      CudnnConvolutionPlan plan, long a, long b, long out, MemorySegment workspace, long bytes);

  NativeFunction running() {
    return running;
  }

  NativeFunction heuristics() {
    return heuristics;
  }

  NativeFunction workspace() {
    return workspace;
  }
}

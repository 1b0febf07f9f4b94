package io.hypertape.bindings;

import java.util.List;

/** CUDA's libraries: what each is for, what its files are called, and what it needs. */
public enum NativeLibrary {
  /** Comes with the driver: talks to the device. */
  CUDA_DRIVER(
      "NVIDIA driver",
      Need.REQUIRED,
      List.of("libcuda.so.1"),
      List.of("nvcuda.dll"),
      "install NVIDIA's driver (from NVIDIA or the distribution; in a container, NVIDIA's Container"
          + " Toolkit lends it from the host)"),
  /** Memory, streams, events and graphs. */
  CUDA_RUNTIME(
      "CUDA runtime",
      Need.REQUIRED,
      List.of("libcudart.so.13", "libcudart.so.12"),
      List.of("cudart64_13.dll", "cudart64_12.dll"),
      "install CUDA 12 or 13 (NVIDIA's CUDA Toolkit, conda's cuda-cudart, or pip's"
          + " nvidia-cuda-runtime, or nvidia-cuda-runtime-cu12)"),
  /** What cuBLAS stands on. */
  CUBLAS_LT(
      "cuBLASLt",
      Need.REQUIRED,
      List.of("libcublasLt.so.13", "libcublasLt.so.12"),
      List.of("cublasLt64_13.dll", "cublasLt64_12.dll"),
      "it comes with cuBLAS"),
  /** Products of matrices. */
  CUBLAS(
      "cuBLAS",
      Need.REQUIRED,
      List.of("libcublas.so.13", "libcublas.so.12"),
      List.of("cublas64_13.dll", "cublas64_12.dll"),
      "install cuBLAS of the same CUDA (NVIDIA's CUDA Toolkit, conda's libcublas, or pip's"
          + " nvidia-cublas, or nvidia-cublas-cu12)"),
  /** Primitives of neural networks. */
  CUDNN(
      "cuDNN",
      Need.OPTIONAL,
      List.of("libcudnn.so.9"),
      List.of("cudnn64_9.dll"),
      "install cuDNN 9 for the same CUDA (from NVIDIA, conda's cudnn, or pip's nvidia-cudnn-cu13,"
          + " or nvidia-cudnn-cu12)"),
  /** Compiles kernels. */
  NVRTC(
      "NVRTC",
      Need.REQUIRED,
      List.of("libnvrtc.so.13", "libnvrtc.so.12"),
      List.of("nvrtc64_130_0.dll", "nvrtc64_120_0.dll"),
      "install NVRTC of the same CUDA (NVIDIA's CUDA Toolkit, conda's cuda-nvrtc, or pip's"
          + " nvidia-cuda-nvrtc, or nvidia-cuda-nvrtc-cu12)");

  private enum Need {
    REQUIRED,
    OPTIONAL
  }

  private final String purpose;
  private final Need need;
  private final List<String> files;
  private final List<String> dlls;
  private final String advice;

  NativeLibrary(String purpose, Need need, List<String> files, List<String> dlls, String advice) {
    this.purpose = purpose;
    this.need = need;
    this.files = files;
    this.dlls = dlls;
    this.advice = advice;
  }

  /**
   * What people call it.
   *
   * @return such as {@code cuBLAS}
   */
  public String purpose() {
    return purpose;
  }

  /**
   * Whether nothing goes without it.
   *
   * @return false for cuDNN
   */
  public boolean isRequired() {
    return need == Need.REQUIRED;
  }

  /**
   * What to do if it is missing.
   *
   * @return a clause that starts with a verb, mostly
   */
  public String advice() {
    return advice;
  }

  /** Its names, newest version first. */
  List<String> fileNames(SearchEnvironment environment) {
    return environment.isWindows() ? dlls : files;
  }

  /** Whether it is of a version of CUDA: not the driver, and cuDNN counts its own versions. */
  boolean isOfToolkit() {
    return this != CUDA_DRIVER && this != CUDNN;
  }

  /** The library whose folder is the best guess for this one. */
  List<NativeLibrary> neighbours() {
    return this == CUBLAS ? List.of(CUBLAS_LT) : List.of();
  }

  /**
   * Starts of the names of files beside the library that it opens by itself later, in the order in
   * which they need each other. Loaded ahead they are found, whatever the loader's path is.
   */
  List<String> companions() {
    return switch (this) {
      case CUDNN ->
          List.of(
              "cudnn_graph",
              "cudnn_ops",
              "cudnn_cnn",
              "cudnn_adv",
              "cudnn_heuristic",
              "cudnn_engines_precompiled",
              "cudnn_engines_runtime_compiled",
              // Since 9.1x and 9.2x.
              "cudnn_engines_tensor_ir",
              "cudnn_ext");
      case NVRTC -> List.of("nvrtc-builtins");
      default -> List.of();
    };
  }
}

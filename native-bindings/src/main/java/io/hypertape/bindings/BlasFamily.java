package io.hypertape.bindings;

import java.util.List;

/** Libraries with matrix products: what their files are called, and where they serve. */
enum BlasFamily {
  /**
   * Made by Intel for x86; on Arm its products are plain loops unless another library does them.
   */
  ONEDNN(
      "oneDNN",
      List.of("libdnnl.so.3", "libdnnl.so.2"),
      List.of("libdnnl.3.dylib", "libdnnl.2.dylib"),
      List.of("dnnl.dll")) {
    @Override
    boolean serves(SearchEnvironment environment) {
      return !environment.isArm();
    }
  },
  /** The one library of MKL that loads the others. */
  MKL(
      "MKL",
      List.of("libmkl_rt.so.3", "libmkl_rt.so.2", "libmkl_rt.so"),
      List.of("libmkl_rt.2.dylib", "libmkl_rt.dylib"),
      List.of("mkl_rt.3.dll", "mkl_rt.2.dll", "mkl_rt.1.dll")) {
    @Override
    boolean serves(SearchEnvironment environment) {
      return !environment.isArm();
    }
  },
  OPENBLAS(
      "OpenBLAS",
      List.of("libopenblas.so.0", "libopenblas.so"),
      List.of("libopenblas.0.dylib", "libopenblas.dylib"),
      List.of("libopenblas.dll", "openblas.dll")),
  BLIS("BLIS", List.of("libblis.so.4", "libblis-mt.so.4", "libblis-mt.so"), List.of(), List.of()),
  /** Whatever the distribution's alternatives stand for. */
  SYSTEM("a BLAS", List.of("libcblas.so.3", "libblas.so.3"), List.of(), List.of());

  /** The BLAS of macOS: a path that the loader knows, without a file that could be seen. */
  static final String ACCELERATE = "/System/Library/Frameworks/Accelerate.framework/Accelerate";

  private final String title;
  private final List<String> files;
  private final List<String> dylibs;
  private final List<String> dlls;

  BlasFamily(String title, List<String> files, List<String> dylibs, List<String> dlls) {
    this.title = title;
    this.files = files;
    this.dylibs = dylibs;
    this.dlls = dlls;
  }

  /** What people call it. */
  String title() {
    return title;
  }

  /** Whether its products are worth looking for on a machine. */
  boolean serves(SearchEnvironment environment) {
    return true;
  }

  /** Its names, newest version first; none where the system has no such library. */
  List<String> fileNames(SearchEnvironment environment) {
    return environment.isWindows() ? dlls : environment.isMac() ? dylibs : files;
  }
}

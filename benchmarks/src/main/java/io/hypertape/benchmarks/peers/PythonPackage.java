package io.hypertape.benchmarks.peers;

import java.util.List;

/**
 * What a Python must have for a peer to be there.
 *
 * @param peer how people call it
 * @param modules that are imported, and named so where they are installed from
 */
record PythonPackage(String peer, List<String> modules) {

  static final PythonPackage TORCH = new PythonPackage("PyTorch", List.of("torch"));

  static final PythonPackage ONNX_RUNTIME =
      new PythonPackage("ONNX Runtime", List.of("onnx", "onnxruntime"));

  String leftOut() {
    return peer + " was left out, as --python none says.";
  }

  /** One line: what was looked for, and how it is installed. */
  String missing(List<String> seen) {
    return peer
        + " is missing: looked for a Python with "
        + String.join(" and ", modules)
        + "; seen: "
        + (seen.isEmpty() ? "no python3 or python on the PATH" : String.join(", ", seen))
        + ". Install it (python3 -m venv DIR; DIR/bin/pip install "
        + String.join(" ", modules)
        + ") and name it with --python DIR/bin/python.";
  }
}

package io.hypertape.autodiff.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Variables of the environment by which NVIDIA's libraries change what float32 means. */
final class PrecisionVariables {

  private static final Map<String, String> MEANINGS =
      Map.of(
          "CUBLAS_EMULATE_SINGLE_PRECISION",
          "cuBLAS may put float32 products together from products of bfloat16",
          "CUBLAS_EMULATION_STRATEGY",
          "it chooses when cuBLAS puts products together from narrower ones",
          "NVIDIA_TF32_OVERRIDE",
          "libraries use TF32 always (1) or never (0), whatever is asked for");

  private PrecisionVariables() {}

  /** A clause for each that is set, in the order of their names. */
  static List<String> warnings(Map<String, String> environment) {
    List<String> warnings = new ArrayList<>();
    MEANINGS.keySet().stream()
        .sorted()
        .filter(name -> !environment.getOrDefault(name, "").isEmpty())
        .forEach(
            name -> warnings.add(name + "=" + environment.get(name) + ": " + MEANINGS.get(name)));
    return warnings;
  }
}

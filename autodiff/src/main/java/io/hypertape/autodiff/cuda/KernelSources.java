package io.hypertape.autodiff.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The kernels' source text: one program, so that there is one compilation and one image. */
final class KernelSources {

  /** What compiler messages call the program. */
  static final String NAME = "hypertape.cu";

  /** Parts in the order in which they use each other. */
  static final List<String> FILES =
      List.of(
          "common.cu",
          "elementwise.cu",
          "affine.cu",
          "copies.cu",
          "reductions.cu",
          "rows.cu",
          "random.cu",
          "windows.cu",
          "batchnorm.cu",
          "embedding.cu",
          "dropout.cu",
          "recurrent.cu",
          "updates.cu",
          "hypergradients.cu",
          "adaptive.cu",
          "program.cu");

  private KernelSources() {}

  /** All parts, with line directives so that messages name the file and its line. */
  static String program() {
    StringBuilder program = new StringBuilder();
    for (String file : FILES) {
      program.append("#line 1 \"").append(file).append("\"\n").append(text(file));
    }
    return program.toString();
  }

  private static String text(String file) {
    try (InputStream in = KernelSources.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the kernel source " + file + " is not in this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

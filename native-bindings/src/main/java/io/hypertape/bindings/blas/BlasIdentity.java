package io.hypertape.bindings.blas;

import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a library says that it is. */
final class BlasIdentity {

  private static final Pattern MKL_VERSION = Pattern.compile("Version ([^ ]+)");
  private static final int VERSION_BYTES = 12;

  private BlasIdentity() {}

  /** Name and version; empty if the library does not say what it is. */
  static Optional<String> of(NativeNames names, String location) {
    NativeNames plain = new NativeNames(names.symbols(), "", "");
    return oneDnn(plain)
        .or(() -> mkl(plain))
        .or(() -> openBlas(names))
        .or(() -> plain.text("bli_info_get_version_str").map(version -> "BLIS " + version))
        .or(
            () ->
                location.endsWith("/Accelerate.framework/Accelerate")
                    ? Optional.of("Accelerate")
                    : Optional.empty());
  }

  /** From dnnl_version_t, which begins with three ints. A library may hold oneDNN beside a BLAS. */
  private static Optional<String> oneDnn(NativeNames names) {
    return names.find(DnnlCall.FUNCTION).isEmpty()
        ? Optional.empty()
        : names
            .pointer("dnnl_version")
            .map(version -> version.reinterpret(VERSION_BYTES))
            .map(
                version ->
                    "oneDNN "
                        + version.getAtIndex(ValueLayout.JAVA_INT, 0)
                        + "."
                        + version.getAtIndex(ValueLayout.JAVA_INT, 1)
                        + "."
                        + version.getAtIndex(ValueLayout.JAVA_INT, 2));
  }

  private static Optional<String> mkl(NativeNames names) {
    return names
        .written("MKL_Get_Version_String")
        .map(
            text -> {
              Matcher version = MKL_VERSION.matcher(text);
              return "MKL" + (version.find() ? " " + version.group(1) : "");
            });
  }

  /** Its configuration begins with name and version; the core is the kernels that it chose. */
  private static Optional<String> openBlas(NativeNames names) {
    return names
        .text("openblas_get_config")
        .map(
            config -> {
              String[] words = config.split("\\s+");
              String version = words[0] + (words.length > 1 ? " " + words[1] : "");
              return names
                  .text("openblas_get_corename")
                  .map(core -> version + " for " + core)
                  .orElse(version);
            });
  }
}

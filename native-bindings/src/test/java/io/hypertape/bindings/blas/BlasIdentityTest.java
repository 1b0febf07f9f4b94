package io.hypertape.bindings.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlasIdentityTest {

  private static final String FILE = "/lib/libx.so";

  private static Optional<String> identity(FakeFunctions functions) {
    return BlasIdentity.of(functions.names(), FILE);
  }

  @Test
  void eachSaysItInItsOwnWay() {
    assertEquals(
        Optional.of("oneDNN 3.4.1"),
        identity(new FakeFunctions().has("dnnl_sgemm").returns("dnnl_version", 3, 4, 1)));
    assertEquals(
        Optional.of("MKL 2024.2-Product"),
        identity(
            new FakeFunctions()
                .writes(
                    "MKL_Get_Version_String",
                    "Intel(R) oneAPI Math Kernel Library Version 2024.2-Product Build 20240605")));
    assertEquals(
        Optional.of("OpenBLAS 0.3.31 for Haswell"),
        identity(
            new FakeFunctions()
                .says("openblas_get_config", "OpenBLAS 0.3.31 DYNAMIC_ARCH MAX_THREADS=64 ")
                .says("openblas_get_corename", "Haswell")));
    assertEquals(
        Optional.of("BLIS 0.9.0"),
        identity(new FakeFunctions().says("bli_info_get_version_str", "0.9.0")));
    assertEquals(
        Optional.of("Accelerate"),
        BlasIdentity.of(
            new FakeFunctions().names(),
            "/System/Library/Frameworks/Accelerate.framework/Accelerate"));
  }

  @Test
  void whatSaysNothingIsUnknown() {
    assertEquals(Optional.empty(), identity(new FakeFunctions().has("cblas_sgemm")));
    assertEquals(Optional.empty(), identity(new FakeFunctions().says("openblas_get_config", " ")));
  }

  @ParameterizedTest
  @CsvSource({"'', ''", "scipy_, ''", "scipy_, 64_", "'', 64_", "'', _64"})
  void namesMayBeDecorated(String prefix, String suffix) {
    FakeFunctions functions =
        new FakeFunctions()
            .has(prefix + "cblas_sgemm" + suffix)
            .says(prefix + "openblas_get_config" + suffix, "OpenBLAS 0.3.30 USE64BITINT")
            .takes(prefix + "openblas_set_num_threads" + suffix);
    NativeNames names = NativeNames.of(functions, "cblas_sgemm").orElseThrow();
    assertEquals(Optional.of("OpenBLAS 0.3.30"), BlasIdentity.of(names, FILE));
    BlasThreads.of(names).orElseThrow().set(3);
    assertEquals(1, functions.calls.size());
  }
}

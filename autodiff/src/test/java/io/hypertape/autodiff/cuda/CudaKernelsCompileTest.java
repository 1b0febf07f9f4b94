package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.bindings.testing.CudaWheels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The kernels through NVIDIA's own compiler. It is looked for in HYPERTAPE_TEST_CUDA_WHEELS
 * (site-packages/nvidia) and in the usual folders; with HYPERTAPE_REQUIRE_WHEELS=1 these tests fail
 * where it is missing, else they are skipped and say so.
 */
class CudaKernelsCompileTest {

  private static NvrtcCompiler compiler() {
    Optional<NvrtcCompiler> found = NvrtcCompiler.find();
    CudaWheels.require(found.isPresent(), "no libnvrtc.so.13 or .12 in " + NvrtcCompiler.folders());
    return found.orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 90})
  void compile(int capability) {
    NvrtcCompiler.Result result =
        compiler().compile(KernelSources.NAME, KernelSources.program(), capability);
    assertEquals(0, result.status(), result.log());
    assertFalse(result.log().contains("warning"), result.log());
    String image = new String(result.image(), StandardCharsets.ISO_8859_1);
    for (String kernel : kernels()) {
      assertTrue(image.contains("\0.text." + kernel + "\0"), kernel + " is not in the image");
    }
  }

  private static List<String> kernels() {
    List<String> names = new ArrayList<>();
    for (UnaryOp op : UnaryOp.values()) {
      names.add("unary_" + op.name().toLowerCase(Locale.ROOT));
    }
    for (BinaryOp op : BinaryOp.values()) {
      names.add("binary_" + op.name().toLowerCase(Locale.ROOT));
      names.add("binary_rows_" + op.name().toLowerCase(Locale.ROOT));
    }
    for (FusedKernel kernel : FusedKernel.values()) {
      if (CudaKernels.isAlone(kernel)) {
        names.add(kernel.name().toLowerCase(Locale.ROOT));
      }
    }
    for (CudaKernels.Named kernel : CudaKernels.Named.values()) {
      names.add(kernel.name().toLowerCase(Locale.ROOT));
    }
    return names;
  }

  @Test
  void errorsNameTheFileAndItsLine() {
    String broken = KernelSources.program() + "\n#line 7 \"broken.cu\"\nint x = ;\n";
    NvrtcCompiler.Result result = compiler().compile(KernelSources.NAME, broken, 80);
    assertNotEquals(0, result.status());
    assertTrue(result.log().contains("broken.cu(7)"), result.log());
  }
}

package io.hypertape.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hypertape.bindings.generated.cublas.Cublas;
import io.hypertape.bindings.generated.cudart.Cudart;
import io.hypertape.bindings.generated.cudnn.Cudnn;
import io.hypertape.bindings.generated.driver.CudaDriver;
import io.hypertape.bindings.generated.nvrtc.Nvrtc;
import io.hypertape.bindings.testing.CudaWheels;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every function that is bound is in NVIDIA's libraries: looked up in {@link Wheels}. */
class GeneratedBindingsTest {

  private static final String SUFFIX = "$descriptor";

  private static final Map<NativeLibrary, Class<?>> BINDINGS =
      Map.of(
          NativeLibrary.CUDA_DRIVER, CudaDriver.class,
          NativeLibrary.CUDA_RUNTIME, Cudart.class,
          NativeLibrary.CUBLAS, Cublas.class,
          NativeLibrary.CUDNN, Cudnn.class,
          NativeLibrary.NVRTC, Nvrtc.class);

  private static List<String> functions(NativeLibrary library) {
    return Arrays.stream(BINDINGS.get(library).getMethods())
        .map(Method::getName)
        .filter(name -> name.endsWith(SUFFIX))
        .map(name -> name.substring(0, name.length() - SUFFIX.length()))
        .sorted()
        .toList();
  }

  private static void assertAllFound(NativeLibrary library, SymbolLookup lookup) {
    List<String> functions = functions(library);
    assertFalse(functions.isEmpty());
    List<String> missing =
        functions.stream().filter(function -> lookup.find(function).isEmpty()).toList();
    assertEquals(List.of(), missing, () -> library.purpose() + " lacks functions that are bound");
  }

  /** cuBLASLt is loaded for cuBLAS, which needs it; nothing of it is bound. */
  @ParameterizedTest
  @EnumSource(
      value = NativeLibrary.class,
      names = {"CUDA_DRIVER", "CUBLAS_LT"},
      mode = EnumSource.Mode.EXCLUDE)
  void everyBoundFunctionIsInTheLibraryOfTheWheels(NativeLibrary library) {
    Optional<Path> file = Wheels.file(library);
    CudaWheels.require(
        file.isPresent(),
        library.purpose()
            + " is in none of pip's wheels; hypertape.test.cuda.wheels may name them");
    try (Arena arena = Arena.ofConfined()) {
      assertAllFound(library, SymbolLookup.libraryLookup(file.orElseThrow(), arena));
    }
  }

  /**
   * The driver is in no wheel: it comes with the kernel's module, so only machines with a GPU have
   * it.
   */
  @Test
  @DisplayName("every bound function is in the driver (only where NVIDIA's driver is installed)")
  void everyBoundFunctionIsInTheDriver() {
    NativeLibrary library = NativeLibrary.CUDA_DRIVER;
    assertTrue(functions(library).size() > 10);
    Opener.Opened driver = Loader.open().open("libcuda.so.1");
    assumeTrue(
        !driver.isRefused(),
        "the driver's functions cannot be looked up without a driver: " + driver.refusal());
    assertAllFound(library, driver.lookup());
  }
}

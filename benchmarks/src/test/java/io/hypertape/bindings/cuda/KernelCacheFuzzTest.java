package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hypertape.fuzz.InputFile;
import io.hypertape.fuzz.Promise;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compiled kernels that were kept: nothing is refused, and nothing damaged is taken. */
class KernelCacheFuzzTest {

  private static final String KEY = KernelCache.key("a kernel");

  @FuzzTest
  void entry(byte[] input) {
    Path folder = InputFile.folder("kernels");
    KernelCache cache = new KernelCache(folder);
    Promise.of()
        .keep(
            input,
            () -> {
              Files.write(cache.file(KEY), input);
              byte[] image = cache.read(KEY).orElse(input);
              cache.write(KEY, image);
              assertArrayEquals(image, cache.read(KEY).orElseThrow());
            });
  }
}

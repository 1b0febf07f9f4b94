package io.hypertape.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.Opener.Opened;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** That nothing native is called for files that are not there, and what a denial becomes. */
@EnabledOnOs(OS.LINUX)
class LateLoaderTest {

  private static final String NAME = "libcuda.so.1";

  @TempDir private Path folder;

  private final AtomicInteger asked = new AtomicInteger();

  private SearchEnvironment environment(String path) {
    return new SearchEnvironment(
        new HashMap<>(Map.of("os.name", "Linux", "os.arch", "amd64")),
        new HashMap<>(Map.of("LD_LIBRARY_PATH", path)),
        folder);
  }

  private LateLoader late(String path) {
    return new LateLoader(
        environment(path),
        () -> {
          asked.incrementAndGet();
          return Loader.open();
        });
  }

  @Test
  void aNameWithoutAFileAsksForNothing() {
    LateLoader late = late("");
    assertTrue(late.problem(NAME).isEmpty());
    assertTrue(late.folder(NAME).isEmpty());
    Opened opened = late.open(NAME);
    assertTrue(opened.isRefused());
    assertEquals(NAME + ": no such file where the system's loader looks", opened.refusal());
    assertEquals(0, asked.get());
  }

  @Test
  void aSearchOnAMachineWithoutADriverAsksForNothing() {
    LibraryFinder finder = new LibraryFinder(environment(""), late(""));
    for (NativeLibrary library : NativeLibrary.values()) {
      assertFalse(finder.find(library).report().isFound(), library.toString());
    }
    assertEquals(0, asked.get());
  }

  @Test
  void aNameWithAFileIsTheLoadersToOpen() throws IOException {
    Files.writeString(folder.resolve(NAME), "no library");
    LateLoader late = late(folder.toString());
    assertTrue(late.open(folder.resolve(NAME).toString()).isRefused());
    late.problem(NAME);
    assertEquals(1, asked.get());
  }

  @Test
  void aDenialIsAnAnswerThatIsRemembered() throws IOException {
    Files.writeString(folder.resolve(NAME), "no library");
    LateLoader late =
        new LateLoader(
            environment(folder.toString()),
            () -> {
              asked.incrementAndGet();
              throw new IllegalCallerException("not allowed");
            });
    assertTrue(late.denial().isEmpty());
    LibraryFinder finder = new LibraryFinder(environment(folder.toString()), late);
    assertFalse(finder.find(NativeLibrary.CUDA_DRIVER).report().isFound());
    assertEquals("not allowed", late.denial().orElseThrow().getMessage());
    assertEquals(1, asked.get());
  }
}

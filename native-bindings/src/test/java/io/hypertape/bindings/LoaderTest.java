package io.hypertape.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.Opener.Opened;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class LoaderTest {

  @TempDir private Path folder;
  private final Loader loader = Loader.open();

  @Test
  void theLoaderSaysThatThereIsNoSuchFile() {
    Opened opened = loader.open("libnone.so.9");
    assertTrue(opened.refusal().contains("libnone.so.9"), opened.refusal());
    assertTrue(opened.refusal().contains("No such file"), opened.refusal());
    assertTrue(opened.lookup().find("cuInit").isEmpty());
  }

  @Test
  void theLoaderSaysWhatIsWrongWithAFile() throws IOException {
    Path damaged = folder.resolve("libx.so.1");
    Files.writeString(damaged, "this is no library");
    Opened opened = loader.open(damaged.toString());
    assertTrue(opened.refusal().contains(damaged.toString()), opened.refusal());
    assertFalse(opened.refusal().contains("No such file"), opened.refusal());
  }

  @Test
  void whatIsOpenedGivesItsFunctions() {
    Opened opened = loader.open("libc.so.6");
    assertFalse(opened.isRefused(), opened.refusal());
    assertTrue(opened.lookup().find("malloc").isPresent());
    assertTrue(opened.lookup().find("no_such_function").isEmpty());
  }

  @Test
  void aLibraryWithoutADriversVersionHasNone() {
    assertEquals(0, loader.driverVersion(loader.open("libc.so.6").lookup()));
  }

  @Test
  void whatIsClosedCanBeOpenedAgain() {
    Opened opened = loader.open("libm.so.6");
    assertEquals(0, loader.cudnnCuda(opened.lookup()));
    loader.close("libm.so.6");
    loader.close("libm.so.6");
    assertThrows(IllegalStateException.class, () -> opened.lookup().find("cos"));
    assertTrue(loader.open("libm.so.6").lookup().find("cos").isPresent());
  }
}

package io.hypertape.run.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {

  @TempDir private Path folder;

  @Test
  void keepsItsConfigurationAndRefusesASecondRun() throws IOException {
    Path path = folder.resolve("a/b");
    RunFolder run = RunFolder.create(path);
    Map<String, Object> values = new TreeMap<>(Map.of("seed", 7, "sizes", List.of(784, 10)));
    run.writeConfig(values);
    var read = new ObjectMapper().readTree(run.file("config.json").toFile());
    assertEquals(7, read.path("seed").asInt());
    assertEquals(784, read.path("sizes").get(0).asInt());
    assertEquals("{\"seed\":7,\"sizes\":[784,10]}", RunFolder.open(path).readConfig().toString());
    var e = assertThrows(IOException.class, () -> RunFolder.create(path));
    assertTrue(e.getMessage().contains("holds a run already"), e.getMessage());
  }

  @Test
  void whatHoldsNoRunIsNotOpened() throws IOException {
    var none = assertThrows(IOException.class, () -> RunFolder.open(folder.resolve("none")));
    assertTrue(none.getMessage().endsWith("none: is not there"), none.getMessage());
    var empty = assertThrows(IOException.class, () -> RunFolder.open(folder));
    assertEquals(folder + ": holds no run; it has no config.json", empty.getMessage());
    Files.writeString(folder.resolve("config.json"), "{");
    RunFolder run = RunFolder.open(folder);
    var damaged = assertThrows(IOException.class, run::readConfig);
    assertTrue(damaged.getMessage().contains("config.json: not valid JSON"), damaged.getMessage());
  }

  @Test
  void aFileIsNoFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    var e = assertThrows(IOException.class, () -> RunFolder.create(file));
    assertEquals(file + ": a file; a folder is expected", e.getMessage());
  }
}

package io.hypertape.benchmarks.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.Part;
import io.hypertape.benchmarks.parts.Store;
import io.hypertape.optim.Tower;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {

  private static final TrainingRun MLP = MnistMlp.of(TinyMnist.draw(20, 10), 2);
  private static final Part PART = part("sgd(0.1)/sgd(1e-3)", 1);

  @TempDir private Path folder;

  private final Map<String, String> common = Map.of("backend", "cpu");

  private static Part part(String tower, long seed) {
    return MLP.part(Tower.parse(tower), seed);
  }

  private Path file() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findFirst().orElseThrow();
    }
  }

  @Test
  void whatIsKeptIsFoundToTheLastBit() throws IOException {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("z", 0.1 + 0.2);
    figures.put("a", Double.MIN_VALUE);
    figures.put("nan", Double.NaN);
    figures.put("infinite", Double.NEGATIVE_INFINITY);
    Outcome outcome = new Outcome(figures, "a note");
    Store store = new Store(folder, common);
    assertEquals(Optional.empty(), store.find(PART));
    store.keep(PART, outcome, 1.5);
    Outcome found = new Store(folder, common).find(PART).orElseThrow();
    assertEquals(outcome, found);
    assertEquals("[z, a, nan, infinite]", found.figures().keySet().toString());
    assertTrue(
        file().getFileName().toString().startsWith("mlp_sgd_0.1_sgd_0.001_2_epochs_seed_1-"));
  }

  @Test
  void anythingThatDecidesTheResultMakesItAnother() throws IOException {
    new Store(folder, common).keep(PART, new Outcome(Map.of("a", 1.0), ""), 1);
    assertEquals(
        Optional.empty(), new Store(folder, Map.of("backend", "cuda")).find(PART), "backend");
    Store store = new Store(folder, common);
    assertEquals(Optional.empty(), store.find(part("sgd(0.1)/sgd(1e-3)", 2)), "seed");
    assertEquals(Optional.empty(), store.find(part("sgd(0.1)/sgd(2e-3)", 1)), "tower");
    TrainingRun other = MnistMlp.of(TinyMnist.draw(21, 10), 2);
    assertEquals(
        Optional.empty(), store.find(other.part(Tower.parse("sgd(0.1)/sgd(1e-3)"), 1)), "data");
  }

  /** {@link Map#of} has another order in each JVM. */
  @Test
  void theOrderOfTheKeyDoesNotMatter() throws IOException {
    Map<String, String> there = new LinkedHashMap<>();
    there.put("backend", "cpu");
    there.put("hypertape", "1");
    Map<String, String> back = new LinkedHashMap<>();
    back.put("hypertape", "1");
    back.put("backend", "cpu");
    new Store(folder, there).keep(PART, new Outcome(Map.of("a", 1.0), ""), 1);
    assertTrue(new Store(folder, back).find(PART).isPresent());
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    Store store = new Store(folder, common);
    store.keep(PART, new Outcome(Map.of("a", 1.0), ""), 1);
    String text = Files.readString(file());
    for (String damaged :
        new String[] {
          "", "[]", text.substring(0, text.length() / 2), text.replace("1.0", "\"x\"")
        }) {
      Files.writeString(file(), damaged);
      Exception e = assertThrows(IOException.class, () -> store.find(PART), damaged);
      assertTrue(e.getMessage().contains("delete it to run"), e.getMessage());
      assertTrue(e.getMessage().contains(file().toString()), e.getMessage());
    }
    String other = text.replace("\"seed\" : \"1\"", "\"seed\" : \"7\"");
    Files.writeString(file(), other);
    Exception changed = assertThrows(IOException.class, () -> store.find(PART));
    assertTrue(changed.getMessage().contains("was damaged or changed"), changed.getMessage());
    Files.writeString(file(), other.replaceFirst(" *\"checksum\".*\n", ""));
    Exception e = assertThrows(IOException.class, () -> store.find(PART));
    assertTrue(e.getMessage().contains("key is not that of its name"), e.getMessage());
  }
}

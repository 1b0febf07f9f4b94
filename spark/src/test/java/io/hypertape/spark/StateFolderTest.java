package io.hypertape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.data.Strokes;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.Tower;
import io.hypertape.run.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** States of a run on a file system of Hadoop's. */
class StateFolderTest {

  @TempDir private Path folder;

  private static void train(StateFolder states, int steps) throws IOException {
    try (Session session = Session.open(Device.REFERENCE);
        Mlp model = Mlp.create(session, MlpSpec.tanh(784, 2, 10), 1)) {
      new Trainer(session, model, Strokes.generate(1, 40, 10))
          .batch(10)
          .epochs(100)
          .limitedTo(steps)
          .listener(new StateKeeper(Optional.of(states), 1, line -> {}))
          .run(Tower.parse("sgd(0.1)"));
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("states"))) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }

  @Test
  void theLastStatesAreKept() throws IOException {
    StateFolder states = new StateFolder(folder.resolve("states").toUri(), new Configuration());
    assertEquals(OptionalLong.empty(), states.latest());
    train(states, 11);
    assertEquals(List.of("state-10.safetensors", "state-11.safetensors"), files());
    assertEquals(OptionalLong.of(11), states.latest());
    assertEquals(11, states.read(11).steps());
    assertThrows(IOException.class, () -> states.read(9));
  }

  @Test
  void aDamagedOneIsLeftOut() throws IOException {
    StateFolder states = new StateFolder(folder.resolve("states").toUri(), new Configuration());
    train(states, 3);
    Path last = folder.resolve("states").resolve("state-3.safetensors");
    Files.delete(last.resolveSibling("." + last.getFileName() + ".crc"));
    Files.writeString(last, "x", StandardOpenOption.APPEND);
    assertEquals(OptionalLong.of(2), states.latest());
  }

  @Test
  void aDamagedOneIsReplaced() throws IOException {
    StateFolder states = new StateFolder(folder.resolve("states").toUri(), new Configuration());
    train(states, 3);
    Path last = folder.resolve("states").resolve("state-3.safetensors");
    // Unlike its checksum, as Hadoop keeps one beside it.
    Files.writeString(last, "x");
    assertEquals(OptionalLong.of(2), states.latest());
    Path left = Files.createFile(last.resolveSibling(".state-2-other.unfinished"));
    train(states, 3);
    assertEquals(OptionalLong.of(3), states.latest());
    assertEquals(List.of("state-2.safetensors", "state-3.safetensors"), files());
    assertFalse(Files.exists(left));
  }

  @Test
  void oneThatCannotBeReadTakesNoPlaceOfAnother() throws IOException {
    StateFolder states = new StateFolder(folder.resolve("states").toUri(), new Configuration());
    train(states, 2);
    Files.writeString(folder.resolve("states").resolve("state-9.safetensors"), "x");
    train(states, 4);
    assertEquals(
        List.of("state-3.safetensors", "state-4.safetensors", "state-9.safetensors"), files());
    assertEquals(OptionalLong.of(4), states.latest());
  }

  @Test
  void fewerWorkersAreAPowerOfTwo() {
    assertEquals(8, Room.fitting(8, 20));
    assertEquals(4, Room.fitting(8, 7));
    assertEquals(1, Room.fitting(8, 0));
  }
}

package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.data.DataSplit;
import io.hypertape.data.Strokes;
import io.hypertape.io.Safetensors;
import io.hypertape.io.SafetensorsException;
import io.hypertape.models.Activation;
import io.hypertape.models.BatchNorm2d;
import io.hypertape.models.Dense;
import io.hypertape.models.Dropout;
import io.hypertape.models.Flatten;
import io.hypertape.models.Layer;
import io.hypertape.models.ParameterFactory;
import io.hypertape.models.Sequential;
import io.hypertape.optim.Tower;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** States of runs that fit what shall go on, and those that do not. */
@Execution(ExecutionMode.CONCURRENT)
class RunStateTest {

  private static final DataSplit DATA = Strokes.generate(1, 40, 10);
  private static final String TOWER = "adam(0.01)/sgd(1e-4)";

  @TempDir private Path folder;
  private Path file;

  private static final class Last implements TrainingListener {
    private RunState state;

    @Override
    public void checkpoint(Supplier<RunState> now) {
      state = now.get();
    }
  }

  @BeforeEach
  void train() throws IOException {
    file = folder.resolve("state.safetensors");
    train(8);
  }

  private void train(int units) throws IOException {
    Last last = new Last();
    try (Session session = cpu()) {
      training(session, units, 2, 7, 1, 3, last).run(Tower.parse(TOWER));
    }
    last.state.write(file);
  }

  private static Session cpu() {
    return Session.open(SessionOptions.of(Device.CPU).withThreads(1));
  }

  /** A network with running statistics and dropout, for so many epochs. */
  private static Trainer training(
      Session session, int units, int dropouts, long seed, int epochs, int steps, Last last) {
    var factory = new ParameterFactory(session, seed);
    Layer model =
        Sequential.of(
            new Flatten(),
            Dense.create(factory, "one", 784, units, Activation.RELU),
            BatchNorm2d.create(factory, "bn", units),
            Dropout.create(factory, 0.2),
            dropouts == 2 ? Dropout.create(factory, 0.1) : new Flatten(),
            Dense.create(factory, "two", units, 10, Activation.TANH));
    return new Trainer(session, model, DATA)
        .options(new TrainingOptions(epochs, 10, 5).limitedTo(steps))
        .listener(last);
  }

  /** Why a state does not fit. */
  private void assertUnfit(
      Supplier<Session> open, int units, int dropouts, long seed, String tower, String... parts)
      throws IOException {
    RunState state = RunState.read(file);
    try (Session session = open.get()) {
      Trainer training = training(session, units, dropouts, seed, 2, 99, new Last());
      String message =
          assertThrows(UnfitStateException.class, () -> training.resume(Tower.parse(tower), state))
              .getMessage();
      for (String part : parts) {
        assertTrue(message.contains(part), message);
      }
    }
  }

  private void rewrite(Map<String, String> changes) throws IOException {
    Safetensors stored = Safetensors.readExactly(file);
    Map<String, String> metadata = new TreeMap<>(stored.metadata());
    metadata.putAll(changes);
    metadata.values().removeIf(String::isEmpty);
    new Safetensors(stored.tensors(), metadata).write(file);
  }

  @Test
  void itSaysWhereTheRunStands() throws IOException {
    RunState state = RunState.read(file);
    assertEquals("adam(0.01)/sgd(1e-4)", state.tower());
    assertEquals(3, state.steps());
    assertEquals(1, state.epoch());
    Path copy = folder.resolve("copy");
    state.write(copy);
    assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(copy));
  }

  @Test
  void anotherTowerModelOrPrecisionIsRefused() throws IOException {
    assertUnfit(RunStateTest::cpu, 8, 2, 7, "sgd(0.1)", "of the tower adam(0.01)/sgd(1e-4)");
    assertUnfit(
        RunStateTest::cpu, 9, 2, 7, TOWER, "buffer/bn.running_mean has shape [8]", "needs [9]");
    assertUnfit(RunStateTest::cpu, 8, 2, 8, TOWER, "masks of dropout layer 1 are at");
    assertUnfit(RunStateTest::cpu, 8, 1, 7, TOWER, "more than the model's 1 dropout layers");
    assertUnfit(
        () -> Session.open(SessionOptions.of(Device.REFERENCE).withPrecision(Precision.FLOAT64)),
        8,
        2,
        7,
        TOWER,
        "it is in float32, and this session computes in float64");
  }

  @Test
  void otherPortionsOfDataAreRefused() throws IOException {
    rewrite(Map.of("seed", "6"));
    assertUnfit(RunStateTest::cpu, 8, 2, 7, TOWER, "a run with seed 6, not 5");
    rewrite(Map.of("seed", "5", "batch", "11"));
    assertUnfit(RunStateTest::cpu, 8, 2, 7, TOWER, "a run with batch 11, not 10");
    rewrite(Map.of("batch", "10", "batches", "5"));
    assertUnfit(
        RunStateTest::cpu, 8, 2, 7, TOWER, "5 batches into its epoch, which has 4 of these data");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "steps|-1|has steps '-1'; a number from 0 fits",
        "steps|x|has steps 'x'",
        "epoch|0|has epoch '0'; a number from 1 fits",
        "batches||lacks batches in its metadata",
        "loss_sum|?|has loss_sum '?', which is no number",
        "tower||lacks tower",
        "hypertape|run-state-9|in the form run-state-9; this program knows run-state-2",
        "hypertape||no state of a run"
      })
  void damagedMetadataAreNamed(String key, String value, String problem) throws IOException {
    rewrite(Map.of(key, value == null ? "" : value));
    var e = assertThrows(SafetensorsException.class, () -> RunState.read(file));
    assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
    assertTrue(e.getMessage().contains(problem), e.getMessage());
  }

  @Test
  void whatIsCutOffOrAltogetherElseIsNamed() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 7, 100, whole.length / 2, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      var e = assertThrows(SafetensorsException.class, () -> RunState.read(file));
      assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
    }
  }

  @Test
  void noByteCanBeChangedUnseen() throws IOException {
    // A file with all its parts, but a short one: each change is read whole.
    train(1);
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(7);
    for (int i = 0; i < whole.length; i += i < 600 ? 1 : 1 + random.nextInt(3)) {
      byte[] changed = whole.clone();
      changed[i] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, changed);
      var e = assertThrows(SafetensorsException.class, () -> RunState.read(file), "byte " + i);
      assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({"steps,3,4", "batches,3,2", "epoch,1,2", "seed,5,6"})
  void whereItStandsCannotBeChangedUnseen(String key, String from, String to) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    String entry = "\"" + key + "\":\"" + from + "\"";
    assertTrue(text.contains(entry), text.substring(0, 600));
    Files.writeString(
        file,
        text.replace(entry, entry.replace(from + "\"", to + "\"")),
        StandardCharsets.ISO_8859_1);
    var e = assertThrows(SafetensorsException.class, () -> RunState.read(file));
    assertTrue(e.getMessage().contains("changed after it was written"), e.getMessage());
  }

  @Test
  void whatIsNotedIsKept() throws IOException {
    RunState state = RunState.read(file);
    assertEquals(Optional.empty(), state.note("x"));
    state.write(file, Map.of("x", "1 2"));
    assertEquals(Optional.of("1 2"), RunState.read(file).note("x"));
  }

  @Test
  void aTensorTooMuchOrTooLittleIsNamed() throws IOException {
    Safetensors stored = Safetensors.readExactly(file);
    var tensors = new java.util.LinkedHashMap<>(stored.tensors());
    var moved = tensors.remove("tower/L1/one.bias/state.v");
    Map<String, String> metadata = new TreeMap<>(stored.metadata());
    new Safetensors(tensors, metadata).write(file);
    assertUnfit(RunStateTest::cpu, 8, 2, 7, TOWER, "L1/one.bias/state.v is missing");
    tensors.put("tower/L1/one.bias/state.v", moved);
    tensors.put("buffer/other", moved);
    new Safetensors(tensors, metadata).write(file);
    assertUnfit(RunStateTest::cpu, 8, 2, 7, TOWER, "this model has no buffer/other");
  }
}

package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.fuzz.InputFile;
import io.hypertape.fuzz.Promise;
import io.hypertape.io.Safetensors;
import io.hypertape.io.SafetensorsException;
import io.hypertape.run.folder.LockOwner;
import io.hypertape.run.folder.MetricsCsv;
import io.hypertape.run.folder.RunFolder;
import io.hypertape.run.folder.RunLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The files of a run's folder, as an earlier version, a full disk or an editor may leave them. */
class RunFilesFuzzTest {

  /** A state as it is, and once more with the checksum that the file should have. */
  @FuzzTest
  void state(byte[] input) {
    Path file = InputFile.of("state.safetensors", input);
    Promise promise = Promise.of(SafetensorsException.class);
    promise.keep(input, () -> RunState.read(file));
    promise.keep(
        input,
        () -> {
          Safetensors.readExactly(file).write(file);
          RunState read = RunState.read(file);
          Path again = InputFile.folder("written").resolve("state.safetensors");
          read.write(again);
          assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(again));
        });
  }

  /** A model of any family, with all that its metadata tell. */
  @FuzzTest
  void checkpoint(byte[] input) {
    Path file = InputFile.of("model.safetensors", input);
    Promise.of(SafetensorsException.class)
        .keep(
            input,
            () -> {
              try (Session session = Session.open(Device.REFERENCE)) {
                Checkpoint read = Checkpoint.read(session, file);
                read.vocabulary();
                read.normalization();
                read.classNames();
                Path again = InputFile.folder("written").resolve("model.safetensors");
                Checkpoint.write(again, read.model(), read.metadata());
                Checkpoint.load(session, again, read.model());
              }
            });
  }

  @FuzzTest
  void config(byte[] input) {
    Path folder = InputFile.folder("configured");
    Promise.of(IOException.class)
        .keep(
            input,
            () -> {
              Files.write(folder.resolve("config.json"), input);
              Map<?, ?> values =
                  new ObjectMapper()
                      .convertValue(RunFolder.open(folder).readConfig(), TreeMap.class);
              assertEquals(new ObjectMapper().valueToTree(values).size(), values.size());
            });
  }

  /** A table that a run goes back in: twice is as once, and rows added after it are found. */
  @FuzzTest
  void metrics(byte[] input) {
    Path file = InputFile.of("metrics.csv", input);
    Promise.of(IOException.class)
        .keep(
            input,
            () -> {
              List<double[]> rows = MetricsCsv.goBack(file, 1000);
              byte[] left = Files.readAllBytes(file);
              checkSame(rows, MetricsCsv.goBack(file, 1000));
              assertArrayEquals(left, Files.readAllBytes(file));
              if (!rows.isEmpty()) {
                checkAppended(file, rows);
              }
            });
  }

  private static void checkAppended(Path file, List<double[]> rows) throws IOException {
    String header =
        new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
            .lines()
            .findFirst()
            .orElseThrow();
    try (MetricsCsv table = MetricsCsv.append(file, List.of(header.split(",", -1)))) {
      table.row(rows.getLast());
    }
    List<double[]> more = MetricsCsv.goBack(file, Double.POSITIVE_INFINITY);
    assertEquals(rows.size() + 1, more.size());
    assertArrayEquals(rows.getLast(), more.getLast());
  }

  private static void checkSame(List<double[]> rows, List<double[]> others) {
    assertEquals(rows.size(), others.size());
    for (int i = 0; i < rows.size(); i++) {
      assertArrayEquals(rows.get(i), others.get(i));
    }
  }

  /** Whatever stands in a lock's file: it is taken over, and gone when it is let go. */
  @FuzzTest
  void lock(byte[] input) {
    LockOwner.parse(Promise.text(input))
        .ifPresent(owner -> assertEquals(owner, LockOwner.parse(owner.text()).orElseThrow()));
    Path folder = InputFile.folder("locked");
    Promise.of(IOException.class)
        .keep(
            input,
            () -> {
              Files.write(folder.resolve(RunLock.FILE), input);
              RunLock.take(folder).close();
            });
  }

  @FuzzTest
  void classNames(byte[] input) {
    Promise.of(IllegalArgumentException.class)
        .keep(
            input,
            () -> {
              List<String> names = ClassNames.parse(Promise.text(input));
              assertEquals(names, ClassNames.parse(ClassNames.text(names)));
            });
  }
}

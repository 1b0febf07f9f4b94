package io.hypertape.run.folder;

import io.hypertape.autodiff.Session;
import io.hypertape.checks.Nulls;
import io.hypertape.data.codec.EncodedImage;
import io.hypertape.data.codec.ImageFormatException;
import io.hypertape.io.SafetensorsFile;
import io.hypertape.io.StoredTensor;
import io.hypertape.io.StoredType;
import io.hypertape.io.guard.AtomicFile;
import io.hypertape.io.guard.CheckedJson;
import io.hypertape.io.guard.ChecksumList;
import io.hypertape.io.guard.RegularFile;
import io.hypertape.models.Model;
import io.hypertape.run.Checkpoint;
import io.hypertape.run.RunState;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks over what runs have left, file by file, and changes nothing: whether all bytes are those
 * that were written, and whether what they say makes sense.
 */
public final class FolderCheck {

  /** What is to be said of a file. */
  public enum Verdict {
    /** Its checksum fits, and it makes sense. */
    WHOLE,
    /** It makes sense; it has no checksum, as it is of an earlier version or of another program. */
    UNCHECKED,
    /** It was damaged, changed after it was written, has numbers that are none, or is not read. */
    DAMAGED,
    /** Left by a run that was killed; the next run in the folder removes it. */
    LEFTOVER,
    /** Not of a kind that is known here. */
    UNKNOWN
  }

  /**
   * One file.
   *
   * @param file where it is
   * @param verdict what is to be said
   * @param text the same in words
   */
  public record Finding(Path file, Verdict verdict, String text) {

    /** Checks that all is there. */
    public Finding {
      Nulls.check(file, "finding: file");
      Nulls.check(verdict, "finding: verdict");
      Nulls.check(text, "finding: text");
    }
  }

  private static final String JSON = ".json";
  private static final String PNG = ".png";
  private static final String SAFETENSORS = ".safetensors";
  private static final String CSV = ".csv";

  private final Session session;
  private final List<Finding> findings = new ArrayList<>();

  private FolderCheck(Session session) {
    this.session = session;
  }

  /**
   * Checks a folder, and the folders in it, or a single file.
   *
   * @param session on which models are built
   * @param place the folder or the file
   * @return a finding a file, in the order of their names
   * @throws IOException if the folder cannot be read, or there is nothing
   */
  public static List<Finding> of(Session session, Path place) throws IOException {
    Nulls.check(session, "check: session");
    Nulls.check(place, "check: place");
    FolderCheck check = new FolderCheck(session);
    if (Files.isDirectory(place)) {
      check.folder(place);
    } else {
      check.file(RegularFile.check(place, "a folder or a file of a run"));
    }
    return List.copyOf(check.findings);
  }

  private void folder(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.sorted().toList();
    }
    for (Path file : files) {
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        folder(file);
      } else {
        file(file);
      }
    }
  }

  private void file(Path file) {
    String name = file.getFileName().toString();
    try {
      if (AtomicFile.isPart(file)) {
        say(file, Verdict.LEFTOVER, "left by a run that was killed; the next one removes it");
      } else if (name.equals(RunLock.FILE)) {
        lock(file);
      } else if (name.endsWith(SAFETENSORS)) {
        safetensors(file);
      } else if (name.endsWith(JSON)) {
        json(file);
      } else if (name.equals(RunFolder.METRICS) || name.equals(RunFolder.EPOCHS)) {
        metrics(file);
      } else if (name.contains(EventFileCheck.MARK)) {
        int records = EventFileCheck.records(file);
        say(file, Verdict.WHOLE, records + " records for TensorBoard; their checksums fit");
      } else if (name.endsWith(ChecksumList.ENDING)) {
        list(file);
      } else if (name.endsWith(PNG)) {
        png(file);
      } else {
        other(file);
      }
    } catch (FileSystemException e) {
      say(
          file,
          Verdict.DAMAGED,
          "cannot be read: " + (e.getReason() == null ? "permission denied" : e.getReason()));
    } catch (IOException | IllegalArgumentException e) {
      String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      say(file, Verdict.DAMAGED, message.replace(file + ": ", ""));
    }
  }

  private void say(Path file, Verdict verdict, String text) {
    findings.add(new Finding(file, verdict, text));
  }

  private void lock(Path file) throws IOException {
    Optional<LockOwner> owner =
        Files.size(RegularFile.check(file)) > RunLock.LONGEST
            ? Optional.empty()
            : LockOwner.parse(Files.readString(file));
    if (owner.isEmpty()) {
      say(file, Verdict.LEFTOVER, "says of no process that it is at work here");
    } else if (owner.get().hasEnded()) {
      say(file, Verdict.LEFTOVER, "of a run that was killed (" + owner.get() + ")");
    } else {
      say(file, Verdict.WHOLE, "a run is at work here (" + owner.get() + ")");
    }
  }

  private void safetensors(Path file) throws IOException {
    boolean checked;
    String text;
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      checked = stored.isChecked();
      checkNumbers(stored);
      text = stored.tensors().size() + " tensors";
    }
    String name = file.getFileName().toString();
    if (name.equals(RunFolder.STATE)) {
      RunState state = RunState.read(file);
      text = "the run after " + state.steps() + " steps, with " + state.tower();
    } else if (name.equals(RunFolder.MODEL)) {
      try (Model model = Checkpoint.read(session, file).model()) {
        text = "a model, " + model.family();
      }
    }
    sum(file, checked, text);
  }

  private void sum(Path file, boolean checked, String text) {
    say(
        file,
        checked ? Verdict.WHOLE : Verdict.UNCHECKED,
        text + (checked ? "; its checksum fits" : "; it has no checksum"));
  }

  /** Numbers that are none, in any tensor of floating-point numbers. */
  private static void checkNumbers(SafetensorsFile stored) throws IOException {
    for (Map.Entry<String, StoredTensor> tensor : stored.tensors().entrySet()) {
      StoredType type = tensor.getValue().type();
      if (type.isInteger() || type == StoredType.F6_E2M3 || type == StoredType.F6_E3M2) {
        continue;
      }
      long wrong = 0;
      long all;
      if (type == StoredType.F64) {
        double[] values = stored.doubles(tensor.getKey()).data();
        all = values.length;
        for (double value : values) {
          wrong += Double.isFinite(value) ? 0 : 1;
        }
      } else {
        float[] values = stored.floats(tensor.getKey()).data();
        all = values.length;
        for (float value : values) {
          wrong += Float.isFinite(value) ? 0 : 1;
        }
      }
      if (wrong > 0) {
        throw new IOException(
            "tensor "
                + tensor.getKey()
                + ": "
                + wrong
                + " of its "
                + all
                + " numbers are not finite");
      }
    }
  }

  private void json(Path file) throws IOException {
    sum(file, CheckedJson.read(file).checked(), "a JSON object");
  }

  private void metrics(Path file) throws IOException {
    Path state = file.resolveSibling(RunFolder.STATE);
    Optional<String> seal = Optional.empty();
    String told = "it has no checksum";
    if (Files.exists(state)) {
      try {
        seal = RunState.read(state).note(file.getFileName().toString());
      } catch (IOException e) {
        told = "its checksum is in " + RunFolder.STATE + ", which is not read";
      }
    }
    if (seal.isPresent()) {
      MetricsCsv.checkSeal(file, seal.get());
      told = "the run's state has their checksum";
    }
    int rows = MetricsCsv.check(file);
    say(
        file,
        seal.isPresent() ? Verdict.WHOLE : Verdict.UNCHECKED,
        (rows == 1 ? "1 row; " : rows + " rows; ") + told);
  }

  private void list(Path file) throws IOException {
    for (Map.Entry<String, String> entry : ChecksumList.read(file).entrySet()) {
      Path told = file.resolveSibling(entry.getKey());
      if (!Files.exists(told)) {
        say(told, Verdict.DAMAGED, "is not there, and " + file.getFileName() + " tells of it");
      } else if (!ChecksumList.sha256(told).equals(entry.getValue())) {
        say(told, Verdict.DAMAGED, "its SHA-256 is not that of " + file.getFileName());
      } else {
        say(told, Verdict.WHOLE, "its SHA-256 is that of " + file.getFileName());
      }
    }
  }

  private void png(Path file) throws IOException {
    RegularFile.check(file, "a picture");
    try {
      Optional<EncodedImage> image = EncodedImage.open(Files.readAllBytes(file));
      if (image.isEmpty()) {
        throw new IOException("no picture");
      }
      image.get().read(new Rectangle(1, 1), 1);
      say(
          file,
          Verdict.WHOLE,
          "a picture of "
              + image.get().width()
              + " x "
              + image.get().height()
              + "; the checksums of its parts fit");
    } catch (ImageFormatException e) {
      throw new IOException(e.getMessage(), e);
    } catch (UnsupportedOperationException e) {
      say(file, Verdict.UNKNOWN, "not looked into: " + e.getMessage());
    }
  }

  /** A table or a text, which a list may tell of. */
  private void other(Path file) throws IOException {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    Path list =
        file.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + ChecksumList.ENDING);
    if (Files.exists(list) && ChecksumList.read(list).containsKey(name)) {
      // Told of with the list.
      return;
    }
    boolean known = name.endsWith(CSV) || name.endsWith(".md") || name.endsWith(".log");
    say(
        file,
        known ? Verdict.UNCHECKED : Verdict.UNKNOWN,
        known ? "it has no checksum" : "no file of a run");
  }
}

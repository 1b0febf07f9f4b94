package io.hypertape.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hypertape.autodiff.Session;
import io.hypertape.optim.StepSchedule;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerSyntaxException;
import io.hypertape.run.Metric;
import io.hypertape.run.RunState;
import io.hypertape.run.Score;
import io.hypertape.run.Training;
import io.hypertape.run.UnfitStateException;
import io.hypertape.run.folder.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * A run that a folder has, to go on with: the options that it was started with, and where it
 * stands.
 *
 * @param folder the folder
 * @param config what the run's config.json says
 * @param state where it stands; empty if it ended before its first checkpoint, and begins anew
 */
record StoredRun(RunFolder folder, JsonNode config, Optional<RunState> state) {

  private static final String OPTIONS = "options";
  private static final String CPU = "cpu backend: float32";
  private static final String BLAS = ", large products by ";
  // Backends that would have been preferred.
  private static final Pattern UNUSED = Pattern.compile(" \\([^ ]+ not used: .*");
  private static final Set<String> NOT_KEPT =
      Set.of("--resume", "--out", "--demo", "--verbose", "--help", "--version");
  private static final Set<String> LENGTH = Set.of("--epochs", "--steps");
  // Where things are, which may have changed since.
  private static final Set<String> PLACES =
      Set.of(
          "--backend",
          "--threads",
          "--simd",
          "--blas",
          "--data-dir",
          "--mlflow",
          "--mlflow-experiment");
  // Code that is loaded, and who is told credentials: a folder may come from anywhere, and names
  // neither.
  private static final Set<String> GIVEN_ANEW = Set.of("--blas", "--mlflow", "--mlflow-experiment");

  /** The options in force, by name, for config.json. */
  static Map<String, String> options(CommandSpec spec) {
    Map<String, String> options = new LinkedHashMap<>();
    for (OptionSpec option : spec.options()) {
      Object value = option.getValue();
      if (value != null && isKept(name(option))) {
        options.put(name(option), text(value));
      }
    }
    return options;
  }

  private static boolean isKept(String name) {
    return !NOT_KEPT.contains(name) && !GIVEN_ANEW.contains(name);
  }

  private static String name(OptionSpec option) {
    for (String name : option.names()) {
      if (name.startsWith("--")) {
        return name;
      }
    }
    return option.longestName();
  }

  private static String text(Object value) {
    return switch (value) {
      case Path path -> path.toAbsolutePath().toString();
      case StepSchedule schedule -> schedule.text();
      case Metric metric -> metric.text();
      default -> value.toString();
    };
  }

  /** Reads what a folder has, whose lock is held: nobody is to go on with it meanwhile. */
  static StoredRun read(RunFolder folder) throws IOException {
    Path path = folder.path();
    JsonNode config = folder.readConfig();
    Path file = folder.file(RunFolder.STATE);
    if (!config.path("command").asText().equals("train")) {
      throw new IOException(path + ": no run of hypertape train that could be resumed");
    }
    if (!config.path(OPTIONS).isObject()) {
      throw new IOException(
          path + ": the run is of an earlier version; it can be used but not resumed");
    }
    if (!Files.exists(file)) {
      return new StoredRun(folder, config, Optional.empty());
    }
    RunState state = RunState.read(file);
    try {
      Tower.parse(state.tower());
    } catch (TowerSyntaxException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    return new StoredRun(folder, config, Optional.of(state));
  }

  /**
   * The arguments that the run would go on with.
   *
   * @param spec what was given now, which must not contradict
   * @throws IOException if the folder has options that are none of a run's
   */
  String[] arguments(CommandSpec spec) throws IOException {
    Map<String, String> options = stored(spec);
    List<String> flags = new ArrayList<>();
    List<OptionSpec> given = spec.commandLine().getParseResult().matchedOptions();
    if (given.stream().anyMatch(option -> LENGTH.contains(name(option)))) {
      options.keySet().removeAll(LENGTH);
    }
    for (OptionSpec option : given) {
      String name = name(option);
      if (option.arity().max() == 0) {
        flags.add(name);
        options.remove(name);
      } else if (!NOT_KEPT.contains(name)) {
        String value = text(option.getValue());
        if (!LENGTH.contains(name) && !PLACES.contains(name)) {
          checkSame(spec, name, value, options.get(name));
        }
        options.put(name, value);
      }
    }
    options.forEach((name, value) -> flags.add(name + "=" + value));
    return flags.toArray(String[]::new);
  }

  /** The folder's options. It may come from anywhere: they are data, and none but a run's count. */
  private Map<String, String> stored(CommandSpec spec) throws IOException {
    Set<String> known =
        spec.options().stream()
            .map(StoredRun::name)
            .filter(StoredRun::isKept)
            .collect(Collectors.toCollection(TreeSet::new));
    Map<String, String> options = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> option : config.path(OPTIONS).properties()) {
      if (!known.contains(option.getKey()) || !option.getValue().isTextual()) {
        throw new IOException(
            folder.file(RunFolder.CONFIG)
                + ": "
                + option.getKey()
                + " with "
                + option.getValue()
                + " is no option of a run, which are "
                + String.join(", ", known)
                + ", each with a text");
      }
      options.put(option.getKey(), option.getValue().asText());
    }
    return options;
  }

  private void checkSame(CommandSpec spec, String name, String now, String then) {
    if (!now.equals(then)) {
      throw new ParameterException(
          spec.commandLine(),
          name
              + " is "
              + now
              + ", and the run in "
              + folder.path()
              + (then == null ? " was started without it" : " has " + then)
              + "; a run is resumed with the options that it was started with (--epochs and --steps"
              + " may ask for more)");
    }
  }

  /** A line for people: where the run goes on, and whether that changes its bits. */
  String outlook(Session session) {
    if (state.isEmpty()) {
      return "the run ended before its first checkpoint and begins anew";
    }
    String then = config.path("backend").asText();
    return "resuming after "
        + state.get().steps()
        + " steps, in epoch "
        + state.get().epoch()
        + (bits(then).equals(bits(session.description()))
            ? ""
            : "; the run was begun with '" + then + "', and elsewhere its further bits may differ");
  }

  /**
   * What a description says of a run's bits: those of the CPU are the same on every processor, but
   * for products by a library, of which all may matter.
   */
  private static String bits(String description) {
    if (!description.startsWith(CPU)) {
      return description;
    }
    return description.contains(BLAS) ? UNUSED.matcher(description).replaceFirst("") : CPU;
  }

  /** Goes on, or begins anew if there is nothing to go on from. */
  Score resume(Training training, Tower begun) throws IOException {
    if (state.isEmpty()) {
      return training.run(begun);
    }
    try {
      return training.resume(begun, state.get());
    } catch (UnfitStateException e) {
      throw new IOException(folder.file(RunFolder.STATE) + ": " + e.getMessage(), e);
    }
  }

  /** The tower as the run has it; as it was asked for, if it has not come to a checkpoint. */
  Tower tower(Tower asked) {
    return state.map(known -> Tower.parse(known.tower())).orElse(asked);
  }

  /** The data must be those that the run learned from, as far as that can be told. */
  void checkData(PreparedModel model) throws IOException {
    ObjectMapper json = new ObjectMapper();
    for (Map.Entry<String, Object> entry : model.config().entrySet()) {
      JsonNode now = json.valueToTree(entry.getValue());
      JsonNode then = config.path(entry.getKey());
      // An earlier version did not note everything that is noted now.
      if (!then.isMissingNode() && !then.toString().equals(now.toString())) {
        throw new IOException(
            folder.path()
                + ": the run has "
                + entry.getKey()
                + " "
                + then
                + ", and now there is "
                + now
                + "; are the data still the same?");
      }
    }
  }

  /** There must be something left to do, if only to write what a finished run leaves. */
  void checkLength(CommandSpec spec, Training training) {
    if (state.isEmpty() || isUnfinished(training)) {
      return;
    }
    long steps = state.get().steps();
    if (steps >= end(Long.MAX_VALUE)) {
      throw new ParameterException(
          spec.commandLine(),
          "the run in "
              + folder.path()
              + " has cooled down after "
              + steps
              + " steps: further ones would change nothing");
    }
    if (training.steps() <= steps) {
      throw new ParameterException(
          spec.commandLine(),
          "the run in "
              + folder.path()
              + " has taken "
              + steps
              + " steps, and "
              + training.steps()
              + " are asked for; --epochs or --steps with a larger number goes on");
    }
    StepSchedule schedule = Tower.parse(state.get().tower()).schedule();
    if (schedule.factor(steps) == 0) {
      throw new ParameterException(
          spec.commandLine(),
          "the run in "
              + folder.path()
              + " has come to the end of its schedule "
              + schedule.text()
              + ", which is 0 from here on: further steps would change nothing");
    }
  }

  /** Steps at which the run ends: where its cool-down does, if one has begun. */
  private long end(long otherwise) {
    return Math.min(otherwise, state.orElseThrow().coolDownEnd().orElse(Long.MAX_VALUE));
  }

  /** Whether the run has taken its steps and was killed before it wrote its picture. */
  private boolean isUnfinished(Training training) {
    return end(training.steps()) == state.orElseThrow().steps()
        && !Files.exists(folder.file(RunFolder.PLOT));
  }
}

package io.hypertape.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hypertape.autodiff.Session;
import io.hypertape.optim.StepSchedule;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerSyntaxException;
import io.hypertape.run.RunFolder;
import io.hypertape.run.RunState;
import io.hypertape.run.Score;
import io.hypertape.run.Training;
import io.hypertape.run.UnfitStateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * A run that a folder has, to go on with: the options that it was started with, and where it
 * stands.
 *
 * @param folder the folder
 * @param config what the run's config.json says
 * @param state where it stands
 */
record StoredRun(RunFolder folder, JsonNode config, RunState state) {

  static final String STATE = "state.safetensors";
  private static final String OPTIONS = "options";
  private static final Set<String> NOT_KEPT =
      Set.of("--resume", "--out", "--demo", "--verbose", "--help", "--version");
  private static final Set<String> LENGTH = Set.of("--epochs", "--steps");
  // Where things are, which may have changed since.
  private static final Set<String> PLACES =
      Set.of("--backend", "--threads", "--simd", "--data-dir");

  /** The options in force, by name, for config.json. */
  static Map<String, String> options(CommandSpec spec) {
    Map<String, String> options = new LinkedHashMap<>();
    for (OptionSpec option : spec.options()) {
      Object value = option.getValue();
      if (value != null && !NOT_KEPT.contains(name(option))) {
        options.put(name(option), text(value));
      }
    }
    return options;
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
      default -> value.toString();
    };
  }

  /** Reads what a folder has, whose lock is held: nobody is to go on with it meanwhile. */
  static StoredRun read(RunFolder folder) throws IOException {
    Path path = folder.path();
    JsonNode config = folder.readConfig();
    Path file = folder.file(STATE);
    if (!config.path("command").asText().equals("train")) {
      throw new IOException(path + ": no run of hypertape train that could be resumed");
    }
    if (!Files.exists(file)) {
      throw new IOException(
          path
              + ": has no "
              + STATE
              + (config.has(OPTIONS)
                  ? ", as the run ended before its first epoch did; start it anew"
                  : ", as the run is of an earlier version; it can be used but not resumed"));
    }
    RunState state = RunState.read(file);
    try {
      Tower.parse(state.tower());
    } catch (TowerSyntaxException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    return new StoredRun(folder, config, state);
  }

  /**
   * The arguments that the run would go on with.
   *
   * @param spec what was given now, which must not contradict
   */
  String[] arguments(CommandSpec spec) {
    Map<String, String> options = new LinkedHashMap<>();
    config.path(OPTIONS).properties().forEach(o -> options.put(o.getKey(), o.getValue().asText()));
    List<String> flags = new ArrayList<>();
    List<OptionSpec> given = spec.commandLine().getParseResult().matchedOptions();
    if (given.stream().anyMatch(option -> LENGTH.contains(name(option)))) {
      options.keySet().removeAll(LENGTH);
    }
    for (OptionSpec option : given) {
      String name = name(option);
      if (option.arity().max() == 0) {
        flags.add(name);
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
    String then = config.path("backend").asText();
    return "resuming after "
        + state.steps()
        + " steps, in epoch "
        + state.epoch()
        + (then.equals(session.description())
            ? ""
            : "; the run was begun with '" + then + "', and elsewhere its further bits may differ");
  }

  Score resume(Training training, Tower tower) throws IOException {
    try {
      return training.resume(tower, state);
    } catch (UnfitStateException e) {
      throw new IOException(folder.file(STATE) + ": " + e.getMessage(), e);
    }
  }

  Tower tower() {
    return Tower.parse(state.tower());
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

  /** There must be something left to do. */
  void checkLength(CommandSpec spec, Training training) {
    if (training.steps() <= state.steps()) {
      throw new ParameterException(
          spec.commandLine(),
          "the run in "
              + folder.path()
              + " has taken "
              + state.steps()
              + " steps, and "
              + training.steps()
              + " are asked for; --epochs or --steps with a larger number goes on");
    }
    if (tower().schedule().factor(state.steps()) == 0) {
      throw new ParameterException(
          spec.commandLine(),
          "the run in "
              + folder.path()
              + " has come to the end of its schedule "
              + tower().schedule().text()
              + ", which is 0 from here on: further steps would change nothing");
    }
  }
}

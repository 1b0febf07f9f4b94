package io.hypertape.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** The command that a run was started with, for the head of its report. */
public final class ShellCommand {

  private ShellCommand() {}

  /**
   * The command as a shell takes it.
   *
   * @param name the command, such as {@code bench}
   * @param args its arguments; the first may be its name
   * @return one line that can be pasted
   */
  public static String of(String name, List<String> args) {
    List<String> words = new ArrayList<>(List.of("./hypertape"));
    if (args.isEmpty() || !args.getFirst().equals(name)) {
      words.add(name);
    }
    for (String word : args) {
      boolean plain = word.matches("[A-Za-z0-9_@%+=:,./-]+");
      words.add(plain ? word : "'" + word.replace("'", "'\\''") + "'");
    }
    return String.join(" ", words);
  }
}

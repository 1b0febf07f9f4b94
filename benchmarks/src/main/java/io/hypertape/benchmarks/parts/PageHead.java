package io.hypertape.benchmarks.parts;

import io.hypertape.benchmarks.report.Machine;
import io.hypertape.benchmarks.report.ShellCommand;
import java.util.List;
import java.util.Map;

/** How a page of results begins: the command, the version and the machine. */
public final class PageHead {

  private PageHead() {}

  /**
   * The version of Hypertape.
   *
   * @return its text
   */
  public static String version() {
    var descriptor = PageHead.class.getModule().getDescriptor();
    return descriptor == null ? "(unpackaged)" : descriptor.rawVersion().orElse("(unpackaged)");
  }

  /**
   * The same for a run that was stopped and one that was not.
   *
   * @param command its name
   * @param arguments its arguments
   * @param backend what computed
   * @return lines in Markdown
   */
  public static String of(String command, List<String> arguments, ChosenBackend backend) {
    Map<String, String> machine = Machine.describe();
    return "    "
        + ShellCommand.of(command, arguments)
        + "\n\nHypertape "
        + version()
        + ", "
        + backend.description()
        + "; CPU "
        + machine.get("CPU")
        + "; JDK "
        + machine.get("JDK")
        + "\n\n";
  }
}

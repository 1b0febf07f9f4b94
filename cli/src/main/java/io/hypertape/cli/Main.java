package io.hypertape.cli;

import io.hypertape.cli.spi.Interrupt;
import io.hypertape.cli.spi.OutputLostException;
import io.hypertape.cli.spi.StandardOutput;
import io.hypertape.cli.spi.Subcommand;
import io.hypertape.data.Augmentation;
import io.hypertape.shards.Shards;
import java.io.InterruptedIOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Entry point of the {@code hypertape} command. */
@Command(
    name = "hypertape",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    scope = ScopeType.INHERIT,
    description = "Trains neural networks with optimizers that tune themselves.",
    subcommands = {
      TrainCommand.class,
      EvaluateCommand.class,
      PredictCommand.class,
      GenerateCommand.class,
      ExportCommand.class,
      VerifyCommand.class,
      BoardCommand.class,
      TraceCommand.class,
      DoctorCommand.class
    },
    footer = {
      "",
      "Exit status: 0 done, 1 a run failed, 2 wrong usage, 130 interrupted (143 by"
          + " SIGTERM, 129 by SIGHUP).",
      "Start with: hypertape train"
    })
public final class Main implements Runnable {

  private static final int INTERRUPTED = 130;

  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "show the stack trace of an error")
  private boolean verbose;

  private Main() {}

  /**
   * Runs the command and exits with its status.
   *
   * @param args the command's arguments
   */
  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true");
    SystemText.settle();
    Optional<String> loss = SystemText.ofProcess().loss(List.of(args), System.getenv());
    if (loss.isPresent()) {
      System.err.println("hypertape: " + loss.get());
      System.exit(CommandLine.ExitCode.USAGE);
    }
    System.exit(execute(args));
  }

  /** Runs a command; returns its exit status. */
  static int execute(String... args) {
    Main main = new Main();
    return StandardOutput.guard(() -> main.launch(args));
  }

  /** What people read, however it is printed, steers no terminal. */
  private int launch(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    System.setOut(ShownStream.over(out));
    System.setErr(ShownStream.over(err));
    try {
      return run(commandLine(this), args);
    } finally {
      System.setErr(err);
      System.setOut(out);
    }
  }

  int run(CommandLine line, String... args) {
    // Whatever a command does, Ctrl-C ends it soon; some have more to say to that.
    try (Interrupt interrupt = new Interrupt()) {
      int status = execute(line, interrupt, args);
      if (status != 0 || !interrupt.isRequested()) {
        return status;
      }
      // It has ended without a word on that, and may not have done all.
      System.err.println("hypertape: interrupted");
      return interrupt.status();
    }
  }

  private int execute(CommandLine line, Interrupt interrupt, String... args) {
    line.setExecutionExceptionHandler((e, command, unused) -> failed(e, command, interrupt));
    try {
      return line.execute(args);
    } catch (Error e) {
      // Handlers get exceptions only; a model that is too large is no more than one for its user.
      return failed(e, line, interrupt);
    }
  }

  static CommandLine commandLine(Main main) {
    CommandLine line = new CommandLine(main);
    // Its own writers would write UTF-8 in any locale.
    line.setOut(writer(System.out));
    line.setErr(writer(System.err));
    for (Subcommand further : ServiceLoader.load(Subcommand.class)) {
      line.addSubcommand(further.create());
    }
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.setAbbreviatedOptionsAllowed(false);
    // A prompt may begin with @; it names no file.
    line.setExpandAtFiles(false);
    Converters.register(line);
    line.registerConverter(io.hypertape.optim.Tower.class, new TowerConverter());
    line.registerConverter(io.hypertape.optim.StepSchedule.class, new ScheduleConverter());
    line.registerConverter(CoolDownOptions.Until.class, new UntilConverter());
    line.registerConverter(io.hypertape.run.Metric.class, new MetricConverter());
    line.registerConverter(ModelKind.class, new NameConverter<>("model", ModelKind.values()));
    line.registerConverter(
        Shards.Statistics.class, new NameConverter<>("batch norm", Shards.Statistics.values()));
    line.registerConverter(DataName.class, DataName::parse);
    line.registerConverter(LossChoice.class, LossChoice::parse);
    line.registerConverter(
        Augmentation.class, new NameConverter<>("augmentation", Augmentation.values()));
    line.setParameterExceptionHandler(Main::wrongUsage);
    line.setExecutionStrategy(Main::execute);
    return line;
  }

  private static PrintWriter writer(PrintStream to) {
    return new PrintWriter(new OutputStreamWriter(to, to.charset()), true);
  }

  /** Help that is printed in vain is an error as that of any command. */
  private static int execute(ParseResult parsed) {
    for (CommandLine asked : parsed.asCommandLineList()) {
      if (asked.isUsageHelpRequested() || asked.isVersionHelpRequested()) {
        // Its text is our own, and may be coloured.
        asked.setOut(writer(ShownStream.raw(System.out)));
      }
    }
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (OutputLostException e) {
      throw new ExecutionException(parsed.commandSpec().commandLine(), e.getMessage(), e);
    }
  }

  @Override
  public void run() {
    String names = String.join(", ", spec.subcommands().keySet());
    throw new ParameterException(spec.commandLine(), "a command is needed, one of " + names);
  }

  private static int wrongUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("hypertape: " + e.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, err)) {
      err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
    return CommandLine.ExitCode.USAGE;
  }

  private int failed(Throwable e, CommandLine command, Interrupt interrupt) {
    PrintWriter err = command.getErr();
    err.println("hypertape: " + FailureLine.line(e));
    if (verbose) {
      e.printStackTrace(err);
    }
    err.flush();
    if (!isInterruption(e)) {
      return CommandLine.ExitCode.SOFTWARE;
    }
    return interrupt.isRequested() ? interrupt.status() : INTERRUPTED;
  }

  private static boolean isInterruption(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException
          || cause instanceof CancellationException
          || cause instanceof ClosedByInterruptException
          || cause instanceof InterruptedIOException
              && !(cause instanceof SocketTimeoutException)) {
        return true;
      }
    }
    return false;
  }
}

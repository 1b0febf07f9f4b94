package io.hypertape.benchmarks.study;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which tasks, optimizers, methods, starts and seeds. */
final class StudyOptions {

  private static final int SEEDS = 3;
  private static final int MAX_SEEDS = 1000;
  private static final String PAPER = "paper";
  private static final String OTHERS = "others";
  private static final List<String> GROUPS =
      List.of(Method.CONSTANT, Method.COSINE, Method.FIXED, PAPER, Method.AUTO, OTHERS);
  private static final Set<TaskList> QUICK =
      EnumSet.of(TaskList.LOGISTIC, TaskList.RELU_1, TaskList.RELU_B32);

  @Option(
      names = "--quick",
      description =
          "a first look: the tasks logistic, relu-b32 and relu-1, four starts, one seed, unless other"
              + " ones are asked for")
  private boolean quick;

  @Option(
      names = "--tasks",
      paramLabel = "NAME",
      split = ",",
      description =
          "which tasks, of ${COMPLETION-CANDIDATES}; several with commas between them (default: all)")
  private Set<TaskList> tasks = EnumSet.noneOf(TaskList.class);

  @Option(
      names = "--half",
      paramLabel = "tuning|report",
      description = "only the tasks of one half")
  private Half half;

  @Option(
      names = "--optimizers",
      paramLabel = "sgd|momentum|adam",
      split = ",",
      description = "which kinds of optimizers (default: all)")
  private Set<Base> bases = EnumSet.allOf(Base.class);

  @Option(
      names = "--methods",
      paramLabel = "NAME",
      split = ",",
      description =
          "which methods, of constant, cosine (both tuned), fixed, paper, auto (from every start) and"
              + " others (of other authors); several with commas between them (default: all)")
  private List<String> methods = List.of();

  @Option(
      names = "--tower",
      paramLabel = "TEXT",
      description =
          "a further tower, with {} where the start has to stand, such as 'adam({})/sgd(1e-5)', or"
              + " with a name for tables, 'low: adam({})/sgd(1e-7)'; again for several")
  private List<String> towers = List.of();

  @Option(
      names = "--starts",
      paramLabel = "SIZE",
      split = ",",
      description = "step sizes to start from (default: 1e-8,1e-7,… 1e1)")
  private List<String> starts = List.of();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "runs with the seeds 1 to N (default: 3)")
  private Integer seeds;

  @Option(
      names = "--revision",
      paramLabel = "TEXT",
      description =
          "the state of the code, if it changes while the version does not: runs of towers that tune"
              + " themselves are kept apart by it")
  private String revision = "";

  @Option(
      names = "--judge",
      paramLabel = "test|valid",
      description =
          "what tables and figures show: the test data's figures, or those of the validation data,"
              + " which constants may be chosen by (default: test)")
  private Design.Judge judge = Design.Judge.TEST;

  StudyOptions() {}

  List<TaskList> tasks() {
    Set<TaskList> all = quick ? QUICK : EnumSet.allOf(TaskList.class);
    return (tasks.isEmpty() ? all : tasks)
        .stream().filter(task -> half == null || task.half() == half).sorted().toList();
  }

  Design design(Function<String, ParameterException> wrong) {
    int count = seeds == null ? (quick ? 1 : SEEDS) : seeds;
    if (count < 1 || count > MAX_SEEDS) {
      throw wrong.apply("--seeds is " + count + "; 1 to " + MAX_SEEDS + " fit");
    }
    if (tasks().isEmpty()) {
      throw wrong.apply("none of the tasks " + tasks + " is of the " + half + " half");
    }
    List<Start> from;
    try {
      from =
          starts.isEmpty()
              ? (quick ? Start.FEW : Start.DECADES)
              : starts.stream().map(Start::of).distinct().toList();
    } catch (IllegalArgumentException e) {
      throw wrong.apply("--starts: " + e.getMessage());
    }
    Design design = Design.of(wanted(wrong), from, count, revision, judge);
    for (String tower : towers) {
      String why = design.skipped().getOrDefault(Method.given(tower), "");
      if (!why.isEmpty()) {
        throw wrong.apply("--tower " + tower + ": " + why);
      }
    }
    if (design.methods().isEmpty()) {
      throw wrong.apply("no method is left to be tried");
    }
    return design;
  }

  private List<Method> wanted(Function<String, ParameterException> wrong) {
    for (String name : methods) {
      if (!GROUPS.contains(name)) {
        throw wrong.apply("--methods: " + name + " is none of " + String.join(", ", GROUPS));
      }
    }
    List<Method> wanted = new ArrayList<>();
    Method.all().stream()
        .filter(method -> bases.contains(method.base()))
        .filter(method -> methods.isEmpty() || methods.contains(group(method)))
        .forEach(wanted::add);
    for (String tower : towers) {
      Method given = Method.given(tower);
      given
          .namesake(wanted)
          .ifPresent(
              other -> {
                throw wrong.apply(
                    "--tower "
                        + tower
                        + ": "
                        + given.name()
                        + " is the name of another method, "
                        + other.tower()
                        + "; one of its own would fit, such as 'my "
                        + given.name()
                        + ": "
                        + given.tower()
                        + "'");
              });
      if (!wanted.contains(given)) {
        wanted.add(given);
      }
    }
    return wanted;
  }

  private static String group(Method method) {
    return switch (method.name()) {
      case Method.CONSTANT, Method.COSINE, Method.FIXED, Method.AUTO -> method.name();
      case Method.PAPER -> PAPER;
      default -> OTHERS;
    };
  }
}

package io.hypertape.fuzz;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * Tries targets for as long as is wished ({@code mvn -Pfuzz}); findings are files in {@code
 * target/fuzz}. The engine {@code jazzer} looks which branches an input takes and goes on from
 * those that take new ones, in a process a target; {@code mutation} changes the checked-in inputs
 * at random, runs everywhere, and gives the same inputs for the same seed.
 */
public final class Fuzzing {

  private static final int SLOWEST_SECONDS = 20;
  private static final int MOST_FINDINGS = 20;

  private final Path resources;
  private final Path out;
  private final long seconds;
  private final long seed;
  private final PrintStream print;

  private Fuzzing(Path module, long seconds, long seed, PrintStream print) {
    this.resources = module.resolve("src/test/resources");
    this.out = module.resolve("target/fuzz");
    this.seconds = seconds;
    this.seed = seed;
    this.print = print;
  }

  /**
   * Runs.
   *
   * @param args the module's folder; jazzer or mutation; a part of the targets' names, or all;
   *     seconds for each; a seed
   */
  public static void main(String[] args) throws Exception {
    Path module = Path.of(args[0]);
    Fuzzing fuzzing =
        new Fuzzing(module, Long.parseLong(args[3]), Long.parseLong(args[4]), System.out);
    int findings = 0;
    for (Target target : Target.in(module.resolve("target/test-classes"))) {
      if (args[2].equals("all") || target.name().contains(args[2])) {
        findings += args[1].equals("jazzer") ? fuzzing.jazzer(target) : fuzzing.mutation(target);
      }
    }
    System.exit(findings == 0 ? 0 : 1);
  }

  /** Gives how many findings there were. */
  private int mutation(Target target) throws IOException {
    Mutator mutator = new Mutator(seed, target.seeds(resources));
    Set<String> places = new HashSet<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long tried = 0;
    while (System.nanoTime() < end && places.size() < MOST_FINDINGS) {
      byte[] input = mutator.next();
      long begin = System.nanoTime();
      try {
        target.run(input);
        long took = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
        if (took >= SLOWEST_SECONDS) {
          throw new AssertionError(took + " seconds for an input of " + input.length + " bytes");
        }
      } catch (Throwable e) {
        if (places.add(place(e))) {
          found(target, input, e);
        }
      }
      tried++;
    }
    print.printf(Locale.ROOT, "%s: %d inputs, %d findings%n", target.name(), tried, places.size());
    return places.size();
  }

  /** Where an error comes from: the same fault shall be told once. */
  private static String place(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    StackTraceElement[] trace = root.getStackTrace();
    return root.getClass() + (trace.length == 0 ? "" : " " + trace[0]);
  }

  private void found(Target target, byte[] input, Throwable e) throws IOException {
    CRC32C sum = new CRC32C();
    sum.update(input);
    Path file = out.resolve(target.name() + "-" + HexFormat.of().toHexDigits((int) sum.getValue()));
    Files.createDirectories(out);
    Files.write(file, input);
    print.println(target.name() + ": " + file);
    e.printStackTrace(print);
  }

  private int jazzer(Target target) throws IOException, InterruptedException {
    Path corpus = Files.createDirectories(out.resolve("corpus").resolve(target.name()));
    Path seeds = target.inputs(resources);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+EnableDynamicAgentLoading",
            "-Dhypertape.cuda.path=none",
            "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
            "-Xmx2g"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("com.code_intelligence.jazzer.Jazzer");
    command.add("--target_class=" + target.className());
    command.add("--target_method=" + target.method().getName());
    command.add("--instrumentation_includes=io.hypertape.**");
    command.add("--custom_hook_includes=io.hypertape.**");
    command.add("--reproducer_path=" + out);
    command.add("-artifact_prefix=" + out.resolve(target.name()) + "-");
    command.add("-max_total_time=" + seconds);
    command.add("-timeout=" + SLOWEST_SECONDS);
    command.add("-rss_limit_mb=6144");
    command.add("-max_len=65536");
    command.add("-seed=" + Math.floorMod(seed, Integer.MAX_VALUE));
    command.add("-print_final_stats=1");
    command.add(corpus.toString());
    if (Files.isDirectory(seeds)) {
      command.add(seeds.toString());
    }
    Path log = out.resolve(target.name() + ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(out.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int status = process.waitFor();
    String tried =
        Files.readAllLines(log).stream()
            .filter(line -> line.startsWith("stat::number_of_executed_units"))
            .map(line -> line.replaceAll("\\D", ""))
            .findFirst()
            .orElse("an unknown number of");
    print.printf(
        Locale.ROOT,
        "%s: %s inputs, %s%n",
        target.name(),
        tried,
        status == 0 ? "no finding" : "see " + log);
    return status == 0 ? 0 : 1;
  }
}

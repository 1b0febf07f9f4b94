package io.hypertape.benchmarks.report;

import io.hypertape.autodiff.access.BackendReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a figure was measured on. */
public final class Machine {

  private static final Path CPUS = Path.of("/proc/cpuinfo");
  private static final List<String> SIMD =
      List.of("sse4_2", "avx", "fma", "avx2", "avx512f", "avx512bw", "avx512_bf16", "asimd", "sve");

  private Machine() {}

  /**
   * Describes this machine.
   *
   * @return what to say of it, by name, in the order to say it
   */
  public static Map<String, String> describe() {
    Map<String, String> facts = new LinkedHashMap<>();
    List<String> lines = cpuLines();
    facts.put("CPU", value(lines, "model name", System.getProperty("os.arch")) + detail(lines));
    facts.put("processor", processor());
    facts.put("SIMD", simd(lines));
    facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put(
        "JDK", Runtime.version() + ", " + System.getProperty("java.vm.name") + ", " + vendor());
    facts.put("OS", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("load", load());
    return facts;
  }

  /**
   * What this processor is called in titles of tables and names of files.
   *
   * @return such as {@code amd-zen4}; letters, digits and hyphens
   */
  public static String processor() {
    return ProcessorName.of(cpuLines(), System.getProperty("os.arch", ""));
  }

  private static String vendor() {
    return System.getProperty("java.vendor", "unknown vendor");
  }

  private static String detail(List<String> lines) {
    String family = value(lines, "cpu family", "");
    return family.isEmpty()
        ? ""
        : " (family " + family + ", model " + value(lines, "model", "?") + ")";
  }

  private static String simd(List<String> lines) {
    List<String> flags = List.of(value(lines, "flags", value(lines, "Features", "")).split("\\s+"));
    List<String> known = new ArrayList<>(SIMD);
    known.retainAll(flags);
    return String.join(" ", known) + "; " + BackendReport.kernels();
  }

  private static String load() {
    double load =
        java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return load < 0 ? "unknown" : Figures.digits(load) + " before the run";
  }

  private static List<String> cpuLines() {
    try {
      return Files.exists(CPUS) ? Files.readAllLines(CPUS) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The first value of a name in lines {@code name : value}. */
  static String value(List<String> lines, String name, String otherwise) {
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).strip().equals(name)) {
        return line.substring(colon + 1).strip();
      }
    }
    return otherwise;
  }
}

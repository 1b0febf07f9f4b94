package io.hypertape.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What people call a processor, of what Linux says of it; the numbers are those of the kernel's own
 * tables ({@code arch/x86/kernel/cpu/amd.c}, {@code intel-family.h}, {@code cputype.h}). One that
 * is not known keeps its numbers.
 */
final class ProcessorName {

  /** Models of a family from one to another, both included. */
  private record Models(int family, int first, int last, String name) {}

  private static final List<Models> AMD =
      List.of(
          new Models(0x17, 0x00, 0x2f, "zen1"),
          new Models(0x17, 0x30, 0x4f, "zen2"),
          new Models(0x17, 0x50, 0x5f, "zen1"),
          new Models(0x17, 0x60, 0x7f, "zen2"),
          new Models(0x17, 0x90, 0xaf, "zen2"),
          new Models(0x19, 0x00, 0x0f, "zen3"),
          new Models(0x19, 0x10, 0x1f, "zen4"),
          new Models(0x19, 0x20, 0x5f, "zen3"),
          new Models(0x19, 0x60, 0xaf, "zen4"),
          new Models(0x1a, 0x00, 0x2f, "zen5"),
          new Models(0x1a, 0x40, 0x4f, "zen5"),
          new Models(0x1a, 0x60, 0x7f, "zen5"));

  private static final int SKYLAKE = 0x55;

  private static final Map<Integer, String> INTEL =
      Map.ofEntries(
          Map.entry(0x3f, "haswell"),
          Map.entry(0x4f, "broadwell"),
          Map.entry(0x6a, "ice-lake"),
          Map.entry(0x6c, "ice-lake"),
          Map.entry(0x8f, "sapphire-rapids"),
          Map.entry(0xcf, "emerald-rapids"),
          Map.entry(0xad, "granite-rapids"),
          Map.entry(0xae, "granite-rapids"),
          Map.entry(0x97, "alder-lake"),
          Map.entry(0x9a, "alder-lake"),
          Map.entry(0xb7, "raptor-lake"),
          Map.entry(0xba, "raptor-lake"));

  private static final Map<String, String> ARM =
      Map.of(
          "0xd0c", "neoverse-n1",
          "0xd40", "neoverse-v1",
          "0xd49", "neoverse-n2",
          "0xd4f", "neoverse-v2");

  private ProcessorName() {}

  /**
   * The name, of which a file's can be made.
   *
   * @param lines {@code name : value}, as in {@code /proc/cpuinfo}
   * @param architecture what Java says, if the lines say nothing
   * @return such as {@code amd-zen4}; letters, digits and hyphens
   */
  static String of(List<String> lines, String architecture) {
    String vendor = Machine.value(lines, "vendor_id", "");
    String part = Machine.value(lines, "CPU part", "");
    if (!vendor.isEmpty()) {
      return x86(
          vendor.replace("Authentic", "").replace("Genuine", ""),
          number(lines, "cpu family"),
          number(lines, "model"),
          number(lines, "stepping"));
    }
    if (!part.isEmpty()) {
      String maker = Machine.value(lines, "CPU implementer", "");
      String plain = plain(maker + "-part-" + part);
      return "arm-" + (maker.equals("0x41") ? ARM.getOrDefault(part, plain) : plain);
    }
    return plain(architecture);
  }

  private static String x86(String maker, int family, int model, int stepping) {
    String known = "";
    if (maker.equals("AMD")) {
      known =
          AMD.stream()
              .filter(m -> m.family() == family && m.first() <= model && model <= m.last())
              .map(Models::name)
              .findFirst()
              .orElse("");
    } else if (maker.equals("Intel") && family == 6) {
      known = model == SKYLAKE ? ofSkylakes(stepping) : INTEL.getOrDefault(model, "");
    }
    String numbers = family < 0 ? "unknown" : "family-" + family + "-model-" + model;
    return plain(maker + "-" + (known.isEmpty() ? numbers : known));
  }

  /** Three generations have one number. */
  private static String ofSkylakes(int stepping) {
    return stepping < 5 ? "skylake-server" : stepping < 8 ? "cascade-lake" : "cooper-lake";
  }

  private static int number(List<String> lines, String name) {
    try {
      return Integer.parseInt(Machine.value(lines, name, ""));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static String plain(String name) {
    String text =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    return text.isEmpty() ? "unknown" : text;
  }
}

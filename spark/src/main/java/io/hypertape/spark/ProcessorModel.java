package io.hypertape.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Which processor this is, as Linux says it. */
final class ProcessorModel {

  private static final Path CPUS = Path.of("/proc/cpuinfo");

  private ProcessorModel() {}

  static String ofThisMachine() {
    try {
      return Files.isReadable(CPUS)
          ? of(Files.readAllLines(CPUS, StandardCharsets.UTF_8))
          : "unknown";
    } catch (IOException e) {
      return "unknown";
    }
  }

  /** The first processor's name, or implementer and part where there is none. */
  static String of(List<String> lines) {
    for (List<String> names :
        List.of(List.of("model name"), List.of("CPU implementer", "CPU part"))) {
      List<String> found =
          names.stream()
              .flatMap(name -> lines.stream().filter(line -> line.startsWith(name)).limit(1))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .toList();
      if (!found.isEmpty()) {
        return String.join(" ", found);
      }
    }
    return "unknown";
  }
}

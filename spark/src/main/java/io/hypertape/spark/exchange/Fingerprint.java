package io.hypertape.spark.exchange;

import io.hypertape.checks.Nulls;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a worker computes with, by which its bits, or its time for a step, could differ from
 * another's: traits such as {@code java}, {@code processor}, {@code threads}.
 *
 * @param traits values by name, without line breaks; names without {@code =} too; 4 KiB altogether
 */
public record Fingerprint(Map<String, String> traits) {

  /** More than any worker has to say, as it is sent. */
  static final int MOST_BYTES = 4096;

  /** Checks that the traits can be told apart, and sent. */
  public Fingerprint {
    traits = Map.copyOf(Nulls.copy(traits, "fingerprint: traits"));
    traits.forEach(
        (name, value) -> {
          if (name.isEmpty()
              || name.indexOf('=') >= 0
              || name.indexOf('\n') >= 0
              || value.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("fingerprint: '" + name + "' is no trait's name");
          }
        });
    int bytes = text(traits).getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "fingerprint: traits of " + bytes + " bytes; at most " + MOST_BYTES + " can be sent");
    }
  }

  /**
   * The JVM's version and vendor, the system and the processor's architecture.
   *
   * @return the fingerprint
   */
  public static Fingerprint ofThisJvm() {
    return new Fingerprint(
        Map.of(
            "java", Runtime.version().toString(),
            "vendor", System.getProperty("java.vendor", "unknown"),
            "system", System.getProperty("os.name", "unknown"),
            "architecture", System.getProperty("os.arch", "unknown")));
  }

  /**
   * The same with one trait more, or another value of it.
   *
   * @param name the trait's name
   * @param value its value
   * @return the changed fingerprint
   */
  public Fingerprint with(String name, String value) {
    Nulls.check(name, "fingerprint: name");
    Nulls.check(value, "fingerprint: value");
    Map<String, String> changed = new TreeMap<>(traits);
    changed.put(name, value);
    return new Fingerprint(changed);
  }

  /**
   * In what another differs.
   *
   * @param other another worker's
   * @return such as {@code java 25.0.3+9 here, 24 there}; empty if they are equal
   */
  public String differences(Fingerprint other) {
    Nulls.check(other, "fingerprint: other");
    TreeSet<String> names = new TreeSet<>(traits.keySet());
    names.addAll(other.traits.keySet());
    return names.stream()
        .filter(name -> !said(name).equals(other.said(name)))
        .map(name -> name + " " + said(name) + " here, " + other.said(name) + " there")
        .collect(Collectors.joining("; "));
  }

  private String said(String name) {
    return traits.getOrDefault(name, "unknown");
  }

  /** As it is sent: a line for each trait, in the order of names. */
  String text() {
    return text(traits);
  }

  private static String text(Map<String, String> traits) {
    return new TreeMap<>(traits)
        .entrySet().stream()
            .map(trait -> trait.getKey() + "=" + trait.getValue())
            .collect(Collectors.joining("\n"));
  }

  /**
   * Reads what {@link #text} gives.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Fingerprint parse(String text) {
    Map<String, String> traits = new TreeMap<>();
    if (!text.isEmpty()) {
      for (String line : text.split("\n", -1)) {
        int equals = line.indexOf('=');
        if (equals < 1) {
          throw new IllegalArgumentException("fingerprint: a line without a name");
        }
        traits.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return new Fingerprint(traits);
  }
}

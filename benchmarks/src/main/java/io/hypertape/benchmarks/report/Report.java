package io.hypertape.benchmarks.report;

import io.hypertape.io.guard.AtomicFile;
import io.hypertape.io.guard.CheckedJson;
import io.hypertape.io.guard.ChecksumList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run's results: sections of a table and notes each for people, and every figure for programs.
 */
public final class Report {

  /**
   * A part of the report.
   *
   * @param title what it compares
   * @param table the figures
   * @param notes what a reader must know, and what is missing
   */
  public record Section(String title, Table table, List<String> notes) {

    /**
     * The section as Markdown.
     *
     * @return its lines
     */
    public String render() {
      StringBuilder text = new StringBuilder("## ").append(title).append("\n\n");
      if (!table.isEmpty()) {
        text.append(table.render()).append('\n');
      }
      notes.forEach(note -> text.append("- ").append(note).append('\n'));
      return text.append(notes.isEmpty() ? "" : "\n").toString();
    }
  }

  private final String command;
  private final Map<String, String> machine;
  private final List<Section> sections = new ArrayList<>();
  private final List<Map<String, Object>> figures = new ArrayList<>();

  /**
   * An empty report.
   *
   * @param command how the run was started
   * @param machine what it ran on
   */
  public Report(String command, Map<String, String> machine) {
    this.command = command;
    this.machine = machine;
  }

  /**
   * Adds a section.
   *
   * @param section for people
   * @param data its figures, for programs
   */
  public void add(Section section, List<Map<String, Object>> data) {
    sections.add(section);
    figures.addAll(data);
  }

  /**
   * The machine and the command.
   *
   * @return lines for the head of the report
   */
  public String head() {
    StringBuilder text = new StringBuilder("    ").append(command).append("\n\n");
    machine.forEach((name, value) -> text.append(name).append(": ").append(value).append("  \n"));
    return text.append('\n').toString();
  }

  /**
   * Whether there is anything yet.
   *
   * @return true before the first section
   */
  public boolean isEmpty() {
    return sections.isEmpty();
  }

  /**
   * All sections.
   *
   * @return their lines
   */
  public String body() {
    StringBuilder text = new StringBuilder();
    sections.forEach(section -> text.append(section.render()));
    return text.toString();
  }

  /**
   * Writes {@code bench.md}, its checksum {@code bench.sha256}, and {@code bench.json}.
   *
   * @param folder where; made if missing
   * @throws IOException if they cannot be written
   */
  public void write(Path folder) throws IOException {
    String text = ("# Benchmarks\n\n" + head() + body()).stripTrailing() + "\n";
    Files.createDirectories(folder);
    Path page = folder.resolve("bench.md");
    AtomicFile.write(page, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("command", command);
    all.put("machine", machine);
    all.put("results", figures);
    all.put("notes", sections.stream().flatMap(s -> s.notes().stream()).toList());
    CheckedJson.write(folder.resolve("bench.json"), all);
    ChecksumList.write(folder.resolve("bench" + ChecksumList.ENDING), List.of(page));
  }
}

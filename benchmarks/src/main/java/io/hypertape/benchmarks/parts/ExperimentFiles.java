package io.hypertape.benchmarks.parts;

import io.hypertape.io.guard.AtomicFile;
import io.hypertape.io.guard.ChecksumList;
import io.hypertape.plots.Pictures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of an experiment: its figures, a page, their checksums, and a picture where one can be
 * drawn.
 */
public final class ExperimentFiles {

  private final Path folder;
  private final String name;

  /**
   * Files in a folder that are called so, with endings of their own.
   *
   * @param folder where
   * @param name what they are called
   */
  public ExperimentFiles(Path folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /** Something that draws a picture to a file. */
  @FunctionalInterface
  public interface Picture {
    /**
     * Draws.
     *
     * @param file the PNG file
     * @throws IOException if it cannot be written
     */
    void draw(Path file) throws IOException;
  }

  /**
   * Writes them all.
   *
   * @param csv the figures
   * @param title of the page
   * @param head the command and the machine
   * @param text the rest of the page, in Markdown
   * @param picture what can be drawn
   * @return the text, for the screen
   * @throws IOException if a file cannot be written
   */
  public String write(Csv csv, String title, String head, String text, Picture picture)
      throws IOException {
    csv.write(folder.resolve(name + ".csv"));
    byte[] bytes = ("# " + title + "\n\n" + head + text).getBytes(StandardCharsets.UTF_8);
    Path page = folder.resolve(name + ".md");
    AtomicFile.write(page, out -> out.write(bytes));
    ChecksumList.write(
        folder.resolve(name + ChecksumList.ENDING), List.of(folder.resolve(name + ".csv"), page));
    Path file = folder.resolve(name + ".png");
    Pictures.draw(file, () -> picture.draw(file));
    return text;
  }
}

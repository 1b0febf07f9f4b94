package io.hypertape.plots;

import io.hypertape.checks.Nulls;
import java.io.IOException;
import java.nio.file.Path;

/** Draws pictures where this Java runtime can: one made small by jlink may lack java.desktop. */
public final class Pictures {

  private static final System.Logger LOG = System.getLogger(Pictures.class.getName());

  private Pictures() {}

  /** Something that draws. */
  @FunctionalInterface
  public interface Drawing {
    /**
     * Draws.
     *
     * @throws IOException if the picture cannot be written
     */
    void draw() throws IOException;
  }

  /**
   * Draws, or warns that there will be no picture: a run's numbers are worth keeping without one.
   *
   * @param file that is drawn, for the warning
   * @param drawing what draws it
   * @throws IOException if the picture cannot be written
   */
  public static void draw(Path file, Drawing drawing) throws IOException {
    Nulls.check(file, "draw: file");
    Nulls.check(drawing, "draw: drawing");
    try {
      drawing.draw();
    } catch (NoClassDefFoundError e) {
      LOG.log(
          System.Logger.Level.WARNING,
          file
              + " is not drawn: pictures need Java's module java.desktop and XChart, and there is no "
              + e.getMessage());
    }
  }
}

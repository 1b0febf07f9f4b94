package io.hypertape.benchmarks.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.paper.Sensitivity.Reading;
import io.hypertape.benchmarks.paper.Sensitivity.Subject;
import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.Part;
import io.hypertape.optim.Sgd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SensitivityTest {

  private final Sensitivity sensitivity =
      new Sensitivity(
          new Subject(
              MnistMlp.of(TinyMnist.draw(300, 100), 4),
              Sgd::new,
              Uppers.SAME,
              List.of(1e-3, 1.0),
              List.of(new Reading(1.0, List.of(2.4, 4.0, 5.0, 6.0)))),
          2);

  @TempDir private Path folder;

  private static Outcome invented(Part part) {
    TrainingPart run = (TrainingPart) part;
    double alpha = ((Sgd) run.tower().levels().getFirst().optimizer()).alpha();
    return alpha == 1 && run.tower().height() == 4
        ? new Outcome(Map.of("test_error_percent", 90.0), "diverged at step 2")
        : new Outcome(
            Map.of("test_error_percent", run.tower().height() * 10 + alpha + run.seed()), "");
  }

  @Test
  void everyHeightFromEveryStepSizeWithEverySeed() {
    List<Part> parts = sensitivity.parts(part -> Optional.empty());
    assertEquals(2 * 4 * 2, parts.stream().distinct().count());
    assertEquals("mlp sgd(0.001), 4 epochs, seed 1", parts.getFirst().label());
    assertEquals("mlp sgd(1)/sgd(1)/sgd(1)/sgd(1), 4 epochs, seed 2", parts.getLast().label());
  }

  @Test
  void tableAndFigure() throws IOException {
    String text = sensitivity.write(part -> Optional.of(invented(part)), folder, "");
    List<String> lines = text.lines().map(line -> line.replaceAll("\\s+", " ")).toList();
    assertTrue(
        lines.contains(
            "| 1e-03 | 11.50 ± 0.71 | | 21.50 ± 0.71 | | 31.50 ± 0.71 | | 41.50 ± 0.71 | |"),
        text);
    assertTrue(
        lines.contains(
            "| 1e+00 | 12.50 ± 0.71 | 2.4 | 22.50 ± 0.71 | 4 | 32.50 ± 0.71 | 5 |"
                + " 90.00 ± 0.00 (diverged) | 6 |"),
        text);
    assertTrue(text.contains("- 2 runs diverged; they count as guessing, 90."), text);
    List<String> csv = Files.readAllLines(folder.resolve("sensitivity-mlp.csv"));
    assertEquals("height,step_size,tower,epochs,seed,test_error_percent,note", csv.getFirst());
    assertEquals("3,1.0,sgd(1)/sgd(1)/sgd(1)/sgd(1),4,2,90.0,diverged at step 2", csv.getLast());
    assertEquals(1 + 16, csv.size());
    PictureChecks.assertShows(
        folder.resolve("sensitivity-mlp.png"), PictureChecks.BLUE, PictureChecks.ORANGE);
  }

  /** No readings, runs that diverged, and one whose perplexity has a hundred digits. */
  private static Outcome ofTheRnn(Part part) {
    TrainingPart run = (TrainingPart) part;
    double alpha = ((Sgd) run.tower().levels().getFirst().optimizer()).alpha();
    int height = run.tower().height() - 1;
    if (alpha == 100 && height > 1) {
      return new Outcome(Map.of("test_perplexity", 9.0), "diverged at step 2");
    }
    return new Outcome(Map.of("test_perplexity", alpha == 100 ? 7.93e132 : 2.0 + height), "");
  }

  @Test
  void aTextModelWithUpperLevelsOfItsOwn() throws IOException {
    Path file = Files.writeString(folder.resolve("text.txt"), "abc def gh ".repeat(728));
    Sensitivity rnn =
        new Sensitivity(
            new Subject(
                CharRnn.whole(file, 3),
                Sgd::new,
                Uppers.DESCENDING,
                List.of(1e-6, 100.0),
                List.of()),
            1);
    List<Part> parts = rnn.parts(part -> Optional.empty());
    assertEquals(2 * 4, parts.size());
    assertEquals(
        "rnn sgd(1e-6)/sgd(1e-4)/sgd(1e-6)/sgd(1e-8), 3 steps, seed 1", parts.get(3).label());
    assertEquals("rnn sgd(100)/sgd(0.1), 3 steps, seed 1", parts.get(5).label());
    String text = rnn.write(part -> Optional.of(ofTheRnn(part)), folder, "");
    List<String> lines = text.lines().map(line -> line.replaceAll("\\s+", " ")).toList();
    assertEquals(
        "| initial step size | height 0 | height 1 | height 2 | height 3 |", lines.getFirst());
    assertTrue(lines.contains("| 1e-06 | 2.00 | 3.00 | 4.00 | 5.00 |"), text);
    assertTrue(
        lines.contains("| 1e+02 | 7.9e+132 | 7.9e+132 | 9.00 (diverged) | 9.00 (diverged) |"),
        text);
    assertTrue(text.contains("- test perplexity after 3 steps, seed 1."), text);
    assertTrue(text.contains("100·α, α and α/100 up to α = 1e-4"), text);
    assertTrue(text.contains("so that none stands beside ours"), text);
    assertTrue(text.contains("- 2 runs diverged; they count as guessing, 10."), text);
    assertTrue(text.contains("- The figure has values above 10 at its upper edge."), text);
    List<String> csv = Files.readAllLines(folder.resolve("sensitivity-char-lstm.csv"));
    assertEquals("height,step_size,tower,steps,seed,test_perplexity,note", csv.getFirst());
    assertEquals("0,100.0,sgd(100),3,1,7.93E132,", csv.get(2));
    PictureChecks.assertShows(
        folder.resolve("sensitivity-char-lstm.png"),
        PictureChecks.BLUE,
        PictureChecks.ORANGE,
        PictureChecks.PINK);
  }

  @Test
  void anErrorOf0AndWideErrorBarsHaveAPlaceOnALogarithmicAxis() throws IOException {
    sensitivity.write(
        part ->
            Optional.of(
                new Outcome(
                    Map.of("test_error_percent", ((TrainingPart) part).seed() == 1 ? 0.0 : 90.0),
                    "")),
        folder,
        "");
    PictureChecks.assertShows(folder.resolve("sensitivity-mlp.png"), PictureChecks.PINK);
    sensitivity.write(
        part -> Optional.of(new Outcome(Map.of("test_error_percent", 0.0), "")), folder, "");
    PictureChecks.assertShows(folder.resolve("sensitivity-mlp.png"), PictureChecks.PINK);
  }
}

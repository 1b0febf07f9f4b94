package io.hypertape.benchmarks.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.paper.Sensitivity.Reading;
import io.hypertape.benchmarks.paper.Sensitivity.Subject;
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
              new MnistMlp(TinyMnist.draw(300, 100)),
              Sgd::new,
              Uppers.SAME,
              4,
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
    Pictures.assertShows(folder.resolve("sensitivity-mlp.png"), Pictures.BLUE, Pictures.ORANGE);
  }
}

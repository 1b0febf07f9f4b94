package io.hypertape.benchmarks.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.Part;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {

  /** The palette's third colour. */
  private static final int GREEN = 0x009E73;

  @TempDir private Path folder;

  /** A picture as high as its rows need in which each colour has enough pixels to be seen. */
  private void assertShows(String file, int... colors) throws IOException {
    BufferedImage image = ImageIO.read(folder.resolve(file).toFile());
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    for (int color : colors) {
      long count = Arrays.stream(pixels).filter(p -> (p & 0xFFFFFF) == color).count();
      assertTrue(count > 100, Integer.toHexString(color) + ": " + count + " pixels in " + file);
    }
  }

  private Comparison rnn(int seeds) throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "abc def gh ".repeat(728));
    return Comparisons.rnn(CharRnn.whole(text, 3), seeds);
  }

  private static Comparison cnn(int epochs) {
    return Comparisons.cnn(CifarResNet.quick(TrainingRunTest.noise(), 64, 32, epochs), 1);
  }

  private static List<String> towers(Comparison comparison) {
    return comparison.parts(part -> Optional.empty()).stream()
        .map(part -> ((TrainingPart) part).tower().toString())
        .toList();
  }

  /** The tower's height in front of the decimal point, the seed behind it. */
  private static Outcome invented(Part part) {
    TrainingPart run = (TrainingPart) part;
    boolean tuned = run.tower().height() > 1;
    String measure = run.training().measure().name();
    if (tuned && run.tower().toString().startsWith("adam(0.01)")) {
      return new Outcome(Map.of(measure, 9.0), "diverged at step 2");
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(measure, run.tower().height() + 0.1 * run.seed());
    figures.put("test_loss", 0.5);
    figures.put("L1.adam.alpha", tuned ? 0.00321 : 0.002);
    figures.put("L1.adam.beta1", 0.9);
    return new Outcome(figures, "");
  }

  @Test
  void theRnnsTowers() throws IOException {
    assertEquals(
        List.of(
            "adam(1e-4)",
            "adam(1e-4)/sgd-per-param(alpha=1e-6, beta1=1e-4, beta2=2e-4)",
            "adam(0.002)",
            "adam(0.002)/sgd-per-param(alpha=2e-5, beta1=1e-4, beta2=2e-4)",
            "adam(0.01)",
            "adam(0.01)/sgd-per-param(alpha=1e-4, beta1=1e-4, beta2=2e-4)"),
        towers(rnn(1)).stream().map(t -> t.replace(".0e", "e")).toList());
  }

  @Test
  void theCnnsTowers() {
    List<String> towers = towers(cnn(4));
    assertEquals(27, towers.size());
    assertEquals("sgd(0.01, mu=0.09, decay=1e-4)", towers.getFirst());
    assertEquals(
        "sgd(0.1, mu=0.9, decay=1e-4, tune=alpha+mu)/sgd-per-param(alpha=1e-5, mu=1e-5)",
        towers.get(3 * 4 + 1));
    assertEquals(
        "sgd(1, mu=0.99, decay=1e-4) schedule=milestones(4, 6, 0.1)", towers.getLast(), "of 8");
  }

  @Test
  void aRunOfOneStepHasASchedule() {
    assertTrue(towers(cnn(1)).getLast().endsWith("milestones(1, 2, 0.1)"));
  }

  @Test
  void tableAndFigureOfTheRnn() throws IOException {
    String text = rnn(2).write(part -> Optional.of(invented(part)), folder, "HEAD\n");
    List<String> lines = text.lines().map(line -> line.replaceAll("\\s+", " ")).toList();
    assertEquals(
        "| initial alpha | fixed | the paper's | hyperoptimized | the paper's | learned values |",
        lines.getFirst());
    assertTrue(
        lines.contains(
            "| 0.002 | 1.15 ± 0.07 | 5.27 ± 0.31 | 2.15 ± 0.07 | 5.41 ± 0.26 | alpha 0.003210 |"),
        text);
    assertTrue(
        lines.contains(
            "| 0.01 | 1.15 ± 0.07 | 5.77 ± 0.34 | 9.00 ± 0.00 (diverged) | 5.45 ± 0.76 | |"),
        text);
    assertTrue(text.contains("- 2 runs diverged and count as guessing, 10."), text);
    assertTrue(
        text.contains("the paper trains for 50 epochs, so that its figures come from a longer"),
        text);
    assertTrue(text.contains("over 2 seeds"), text);
    assertTrue(Files.readString(folder.resolve("rnn.md")).endsWith("HEAD\n" + text));
    List<String> csv = Files.readAllLines(folder.resolve("rnn.csv"));
    assertEquals(
        "alpha,kind,tower,steps,seed,test_perplexity,test_loss,train_loss,hyperparameters,note",
        csv.getFirst());
    assertEquals(1 + 12, csv.size());
    assertTrue(csv.getLast().contains(",3,2,9.0,,,,diverged at step 2"), csv.getLast());
    assertShows("rnn.png", PictureChecks.BLUE, PictureChecks.ORANGE);
  }

  @Test
  void tableAndFigureOfTheCnn() throws IOException {
    String text = cnn(4).write(part -> Optional.of(invented(part)), folder, "");
    List<String> lines = text.lines().map(line -> line.replaceAll("\\s+", " ")).toList();
    assertEquals(
        "| initial alpha | initial mu | fixed | hyperoptimized | learned values | He's schedule |",
        lines.getFirst());
    assertTrue(lines.contains("| 0.1 | 0.9 | 1.10 | 2.10 | | 1.10 |"), text);
    assertTrue(text.contains("nothing can be read from its figures"), text);
    assertTrue(text.contains("8.75 %"), text);
    assertTrue(text.contains("- 0 runs diverged"), text);
    assertEquals(1 + 27, Files.readAllLines(folder.resolve("cnn.csv")).size());
    assertShows("cnn.png", PictureChecks.BLUE, PictureChecks.ORANGE, GREEN);
  }
}

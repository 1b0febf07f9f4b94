package io.hypertape.benchmarks.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.Part;
import io.hypertape.benchmarks.parts.Results;
import io.hypertape.benchmarks.study.Design.Judge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RobustnessTest {

  private static final Base ADAM = Base.ADAM;
  private static final Method CONSTANT =
      new Method(ADAM, Method.CONSTANT, Method.Kind.TUNED, "adam({})");
  private static final Method COSINE =
      new Method(ADAM, Method.COSINE, Method.Kind.TUNED, "adam({}) schedule=cosine");
  private static final Method AUTO =
      new Method(ADAM, Method.AUTO, Method.Kind.STARTS, "adam({})/sgd(1e-5)");

  private final Map<Part, Outcome> done = new HashMap<>();
  private final Results results = part -> Optional.ofNullable(done.get(part));

  private static double alpha(StudyPart part) {
    return Double.parseDouble(part.tower().toString().replaceAll("adam\\(([^)]*)\\).*", "$1"));
  }

  private Robustness done(
      List<Method> methods, ToDoubleFunction<StudyPart> valid, ToDoubleFunction<StudyPart> test) {
    Robustness all =
        new Robustness(
            new FakeTask("t", Half.REPORT), Design.of(methods, Start.FEW, 2, "", Judge.TEST));
    int before = -1;
    while (before < done.size()) {
      before = done.size();
      for (Part part : all.parts(results)) {
        StudyPart one = (StudyPart) part;
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(StudyPart.VALID, valid.applyAsDouble(one));
        figures.put(StudyPart.TEST, test.applyAsDouble(one));
        done.put(part, new Outcome(figures, ""));
      }
    }
    return all;
  }

  /** Validation data say 0.01, test data would say 0.0003. */
  @Test
  void theStepSizeIsChosenByValidationDataAlone() {
    ToDoubleFunction<StudyPart> valid = p -> 5 + Math.abs(Math.log10(alpha(p) / 0.01));
    ToDoubleFunction<StudyPart> test = p -> 5 + Math.abs(Math.log10(alpha(p) / 0.0003));
    Line line = done(List.of(CONSTANT), valid, test).lines(results).getFirst();
    assertEquals("1e-2", line.cells().getFirst().stepSize());
    assertEquals(5 + Math.log10(0.01 / 0.0003), line.cells().getFirst().mean(), 1e-9);
    // What is reported is the test figure of exactly those runs.
    line.cells().getFirst().parts().forEach(part -> assertEquals(0.01, alpha(part)));
  }

  @Test
  void ratiosAreToTheBetterOfConstantAndCosine() {
    ToDoubleFunction<StudyPart> error =
        p -> {
          String tower = p.tower().toString();
          return tower.contains("cosine")
              ? 4 + Math.abs(Math.log10(alpha(p) / 0.001))
              : tower.contains("/") ? (alpha(p) > 1 ? 7 : 4.2) : 5;
        };
    Robustness all = done(List.of(CONSTANT, COSINE, AUTO), error, error);
    Field field = new Field(all.task(), all.lines(results));
    assertEquals(4, field.better(ADAM), 1e-12);
    Standing auto = field.standing(field.line(ADAM, Method.AUTO).orElseThrow());
    assertEquals((3 * 4.2 + 7) / 4, auto.mean(), 1e-12);
    assertEquals("1e1", auto.worstStart());
    assertEquals(7.0 / 4, auto.worstOver(field.better(ADAM)), 1e-12);

    List<String> missed = new SummaryText(List.of(field)).missed();
    assertEquals(
        List.of(
            "t, adam: the mean is 22.5 % above the better",
            "t, adam: from 1e1 it is 75.0 % above the better"),
        missed);
    String text = new SummaryText(List.of(field)).render();
    assertTrue(text.contains("The report half"), text);
    assertTrue(
        text.replaceAll(" +", " ")
            .contains("| auto | adam | 1 | 1.225 | 1.225 | 1.750 | 0 | 0 | 8 |"),
        text);
  }

  /** For choosing constants: the same runs, judged by what constants may be chosen by. */
  @Test
  void validationDataAreShownWhereTheyAreAskedFor() {
    Robustness all = done(List.of(CONSTANT), p -> 5, p -> 7);
    Design design = Design.of(List.of(CONSTANT), Start.FEW, 2, "", Judge.VALID);
    assertEquals(7, all.lines(results).getFirst().cells().getFirst().mean());
    Robustness judged = new Robustness(all.task(), design);
    assertEquals(5, judged.lines(results).getFirst().cells().getFirst().mean());
  }

  private static RobustnessFigures others(int methods, String figure) {
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < methods; i++) {
      Method method = new Method(ADAM, "prodigy " + i, Method.Kind.ALONE, "prodigy");
      Map<String, Double> noted = Map.of(figure + 0, 1e-6, figure + 10, 1e-3);
      lines.add(
          new Line(
              method,
              List.of(
                  new Line.Cell("", List.of(), List.of(new Outcome(noted, "")), StudyPart.TEST))));
    }
    return new RobustnessFigures(
        new Field(new FakeTask("t", Half.REPORT), lines),
        Design.of(List.of(), Start.FEW, 1, "", Judge.TEST));
  }

  private static int height(Path picture) throws IOException {
    return ImageIO.read(picture.toFile()).getHeight();
  }

  /** Methods that start nowhere have their step sizes in one picture, as long as colours last. */
  @Test
  void stepSizesThatAreFoundWithoutAStartAreDrawn(@TempDir Path folder) throws IOException {
    assertTrue(others(1, StudyPart.FOUND).hasStepSizes());
    assertFalse(others(1, StudyPart.STEP_SIZE).hasStepSizes());
    Path few = folder.resolve("few.png");
    others(7, StudyPart.FOUND).writeStepSizes(few);
    Path many = folder.resolve("many.png");
    others(8, StudyPart.FOUND).writeStepSizes(many);
    assertEquals(2 * height(few), height(many));
  }

  @Test
  void equalRunsAreOne() {
    Method fixed = new Method(ADAM, Method.FIXED, Method.Kind.STARTS, "adam({})");
    Robustness both = done(List.of(CONSTANT, fixed), p -> alpha(p), p -> 1);
    List<Part> parts = both.parts(results);
    assertEquals(parts.size(), parts.stream().distinct().count());
    // 1e-2 is in the grid and among the starts.
    assertEquals(
        1,
        parts.stream()
            .map(p -> (StudyPart) p)
            .filter(p -> alpha(p) == 0.01 && p.seed() == 1)
            .count());
  }

  @Test
  void everyMethodOfTheStudyCanBeRead() {
    Design design = Design.of(Method.all(), Start.DECADES, 3, "", Judge.TEST);
    assertEquals(Map.of(), design.skipped());
    assertEquals(Method.all(), design.methods());
  }

  @Test
  void towersMayHaveNames() {
    assertEquals(
        new Method(ADAM, "low", Method.Kind.STARTS, "adam({})/sgd(1e-7)"),
        Method.given("low: adam({})/sgd(1e-7)"));
    assertEquals(
        new Method(Base.MOMENTUM, "sgd(1, mu=0.9)", Method.Kind.ALONE, "sgd(1, mu=0.9)"),
        Method.given("sgd(1, mu=0.9)"));
  }

  @Test
  void whatCannotBeReadIsSkippedWithAWord() {
    Method unknown = new Method(ADAM, "nothing", Method.Kind.ALONE, "nothing-of-the-kind");
    Design design = Design.of(List.of(CONSTANT, unknown), Start.DECADES, 3, "", Judge.TEST);
    assertEquals(List.of(CONSTANT), design.methods());
    assertTrue(design.skipped().get(unknown).contains("unknown optimizer"), design.toString());
    assertEquals(10, Start.DECADES.size());
    assertEquals(1e-8, Start.DECADES.getFirst().value());
    assertEquals(10, Start.DECADES.getLast().value());
  }

  /** What tunes itself changes with the code; fixed optimizers need not run again then. */
  @Test
  void aRevisionKeepsApartWhatTunesItself() {
    Task task = new FakeTask("t", Half.TUNING);
    Design one = new Design(List.of(), Map.of(), Start.FEW, 1, "one", Judge.TEST);
    Design two = new Design(List.of(), Map.of(), Start.FEW, 1, "two", Judge.TEST);
    assertEquals(one.part(task, CONSTANT, "0.1", 1), two.part(task, CONSTANT, "0.1", 1));
    assertTrue(!one.part(task, AUTO, "0.1", 1).key().equals(two.part(task, AUTO, "0.1", 1).key()));
  }
}

package io.hypertape.benchmarks.study;

import io.hypertape.benchmarks.parts.Experiment;
import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.Part;
import io.hypertape.benchmarks.parts.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** All methods on one task. */
record Robustness(Task task, Design design) implements Experiment {

  @Override
  public String name() {
    return "robustness-" + task.name();
  }

  @Override
  public List<Part> parts(Results results) {
    Set<Part> parts = new LinkedHashSet<>();
    for (Method method : design.methods()) {
      switch (method.kind()) {
        case TUNED ->
            design
                .tuning(method)
                .runs(known(method, results))
                .forEach(run -> parts.add(part(method, run)));
        case STARTS -> design.starts().forEach(start -> parts.addAll(seeds(method, start.text())));
        case ALONE -> parts.addAll(seeds(method, ""));
      }
    }
    return List.copyOf(parts);
  }

  /** What the choice of a step size may see. */
  private Tuning.Known known(Method method, Results results) {
    return run -> {
      Optional<Outcome> outcome = results.of(part(method, run));
      return outcome.isPresent()
          ? OptionalDouble.of(outcome.get().figure(StudyPart.VALID))
          : OptionalDouble.empty();
    };
  }

  private StudyPart part(Method method, Tuning.Run run) {
    return design.part(task, method, StepSizes.text(run.size()), run.seed());
  }

  private List<StudyPart> seeds(Method method, String stepSize) {
    return IntStream.rangeClosed(1, design.seeds())
        .mapToObj(seed -> design.part(task, method, stepSize, seed))
        .toList();
  }

  @Override
  public long laterSteps(Results results) {
    return design.methods().stream()
        .filter(method -> method.kind() == Method.Kind.TUNED)
        .mapToLong(method -> task.steps() * design.tuning(method).later(known(method, results)))
        .sum();
  }

  @Override
  public double stepSeconds() {
    return task.stepSeconds();
  }

  /** What came of every method, once all parts have run. */
  List<Line> lines(Results results) {
    List<Line> lines = new ArrayList<>();
    for (Method method : design.methods()) {
      lines.add(
          new Line(
              method,
              switch (method.kind()) {
                case TUNED -> List.of(cell(method, chosen(method, results), results));
                case STARTS ->
                    design.starts().stream()
                        .map(start -> cell(method, start.text(), results))
                        .toList();
                case ALONE -> List.of(cell(method, "", results));
              }));
    }
    return lines;
  }

  private String chosen(Method method, Results results) {
    OptionalInt size = design.tuning(method).chosen(known(method, results));
    return StepSizes.text(size.orElseThrow());
  }

  private Line.Cell cell(Method method, String stepSize, Results results) {
    List<StudyPart> parts = seeds(method, stepSize);
    return new Line.Cell(
        stepSize,
        parts,
        parts.stream().map(part -> results.of(part).orElseThrow()).toList(),
        design.judge().figure());
  }

  @Override
  public String write(Results results, Path folder, String head) throws IOException {
    return new RobustnessReport(this, lines(results)).write(folder, head);
  }
}

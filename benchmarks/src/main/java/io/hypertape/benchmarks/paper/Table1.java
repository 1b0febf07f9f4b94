package io.hypertape.benchmarks.paper;

import io.hypertape.benchmarks.parts.Experiment;
import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.Part;
import io.hypertape.benchmarks.parts.Results;
import io.hypertape.optim.Tower;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The paper's table 1: towers on MNIST, then the values that they learned as fixed ones, and those
 * that the paper's learned, each with several seeds.
 */
final class Table1 implements Experiment {

  /** How short a quick run is. */
  enum Length {
    /** As many epochs as the paper. */
    WHOLE,
    /** A tenth of them, rounded up. */
    SHORT
  }

  private final MnistMlp mlp;
  private final int seeds;
  private final Length length;

  Table1(MnistMlp mlp, int seeds, Length length) {
    this.mlp = mlp;
    this.seeds = seeds;
    this.length = length;
  }

  @Override
  public String name() {
    return "table1";
  }

  /** What a row trains, for as long as it does. */
  MnistMlp training(Table1Row row) {
    return mlp.withEpochs(epochs(row));
  }

  /** What every row is about, such as {@code MLP 784-128-10 on MNIST}. */
  String subject() {
    return mlp.subject();
  }

  RunMeasure measure() {
    return mlp.measure();
  }

  Length length() {
    return length;
  }

  int epochs(Table1Row row) {
    return length == Length.WHOLE ? row.epochs() : (row.epochs() + 9) / 10;
  }

  /** A row's runs, a seed each. */
  List<TrainingPart> parts(Table1Row row) {
    return parts(row.tower(), row);
  }

  private List<TrainingPart> parts(Tower tower, Table1Row row) {
    List<TrainingPart> parts = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      parts.add(training(row).part(tower, seed));
    }
    return parts;
  }

  /** What a row learned; nothing before all its runs are done, or if it learns nothing. */
  Optional<Learned> learned(Table1Row row, Results results) {
    List<Outcome> outcomes =
        parts(row).stream().map(results::of).flatMap(Optional::stream).toList();
    return row.learns() && outcomes.size() == seeds
        ? Optional.of(
            Learned.of(row.tower(), outcomes.stream().filter(o -> o.note().isEmpty()).toList()))
        : Optional.empty();
  }

  /** Runs with a row's learned values fixed. */
  List<TrainingPart> afresh(Table1Row row, Results results) {
    return learned(row, results)
        .flatMap(Learned::tower)
        .map(tower -> parts(tower, row))
        .orElse(List.of());
  }

  /** Runs with the values that the paper learned: whether fixed ones do as well as in the paper. */
  List<TrainingPart> papersValues(Table1Row row) {
    return row.learns() ? parts(row.papersValues(), row) : List.of();
  }

  @Override
  public List<Part> parts(Results results) {
    List<Part> parts = new ArrayList<>();
    Table1Row.ALL.forEach(row -> parts.addAll(parts(row)));
    Table1Row.ALL.forEach(row -> parts.addAll(papersValues(row)));
    Table1Row.ALL.forEach(row -> parts.addAll(afresh(row, results)));
    return parts;
  }

  @Override
  public long laterSteps(Results results) {
    return Table1Row.ALL.stream()
        .filter(row -> row.learns() && learned(row, results).isEmpty())
        .mapToLong(row -> seeds * training(row).steps())
        .sum();
  }

  @Override
  public double stepSeconds() {
    return mlp.stepSeconds();
  }

  @Override
  public String write(Results results, Path folder, String head) throws IOException {
    return new Table1Report(this, results).write(folder, head);
  }
}

package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The hyperparameters of a level at work: those that the level above tunes, whose stored values
 * that one gives, and the others, which are constants.
 */
final class LevelHyperparameters {

  private final Session session;
  private final Level level;
  private final LevelPlace place;
  private final List<Hyperparameter> declared;
  private final List<Parameter> raw = new ArrayList<>();
  private final boolean[] tuned;
  // As what the updates take each hyperparameter.
  private final boolean[] asValue;
  private final boolean[] asComplement;
  private final List<Parameter> constants = new ArrayList<>();
  private final List<Parameter> constantComplements = new ArrayList<>();
  private final boolean[] stepSizes;
  // Which of the level's updated targets read it.
  private final List<List<Integer>> readers = new ArrayList<>();
  // Effective values of those that are not tuned.
  private final double[] fixed;
  private final Optional<Buffer> factor;

  /**
   * Hyperparameters at their initial values.
   *
   * @param trials what the updates of the level's targets read
   * @param factor what step sizes are multiplied by at each step; empty for nothing
   */
  LevelHyperparameters(
      Session session,
      Level level,
      LevelPlace place,
      List<UpdateTrial> trials,
      Optional<Buffer> factor) {
    this.session = session;
    this.level = level;
    this.place = place;
    this.factor = factor;
    this.declared = List.copyOf(level.hyperparameters());
    this.tuned = new boolean[declared.size()];
    this.asValue = new boolean[declared.size()];
    this.asComplement = new boolean[declared.size()];
    this.stepSizes = new boolean[declared.size()];
    this.fixed = declared.stream().mapToDouble(Hyperparameter::initial).toArray();
    for (int h = 0; h < declared.size(); h++) {
      Hyperparameter hyper = declared.get(h);
      asValue[h] = trials.stream().anyMatch(trial -> trial.readsValue(hyper));
      asComplement[h] = trials.stream().anyMatch(trial -> trial.readsComplement(hyper));
      readers.add(readers(hyper, trials));
      add(h);
    }
    // Where groups take all parameters, nothing is in use.
    if (!place.isTop() && !trials.isEmpty()) {
      checkChoice();
    }
  }

  private static List<Integer> readers(Hyperparameter hyper, List<UpdateTrial> trials) {
    return IntStream.range(0, trials.size())
        .filter(i -> trials.get(i).readsValue(hyper) || trials.get(i).readsComplement(hyper))
        .boxed()
        .toList();
  }

  private void add(int h) {
    Hyperparameter hyper = declared.get(h);
    tuned[h] = !place.isTop() && (asValue[h] || asComplement[h]) && level.tunes(hyper.name());
    stepSizes[h] = factor.isPresent() && level.optimizer().stepSizes().contains(hyper.name());
    try (Scope unused = session.scratch()) {
      Tensor stored = session.scalar(hyper.transform().raw(hyper.initial()));
      raw.add(new Parameter(hyper.name(), stored));
      constants.add(new Parameter(hyper.name(), constant(hyper, stored)));
      // From the number as it was given: the session's precision may have no digits left of it.
      constantComplements.add(new Parameter(hyper.name(), session.scalar(1 - hyper.initial())));
    }
  }

  /** In the form that the optimizer gives it, as the paper's code has it, from that. */
  private Tensor constant(Hyperparameter hyper, Tensor stored) {
    Domain domain = level.domains().getOrDefault(hyper.name(), Domain.own());
    return domain.transform().isPresent()
        ? session.scalar(hyper.initial())
        : hyper.transform().effective(stored);
  }

  private void checkChoice() {
    for (int h = 0; h < tuned.length; h++) {
      if (!tuned[h] && level.tuned().contains(declared.get(h).name())) {
        throw new IllegalArgumentException(
            place
                + ", "
                + level.optimizer().text()
                + ": '"
                + declared.get(h).name()
                + "' shall be tuned but is not in use");
      }
    }
  }

  /** The parameters that the level above updates. */
  List<Parameter> tunedParameters() {
    List<Parameter> result = new ArrayList<>();
    for (int h = 0; h < tuned.length; h++) {
      if (tuned[h]) {
        result.add(raw.get(h));
      }
    }
    return result;
  }

  /** Of each that is tuned, which of the targets that are updated read it. */
  List<List<Integer>> tunedReaders() {
    List<List<Integer>> result = new ArrayList<>();
    for (int h = 0; h < tuned.length; h++) {
      if (tuned[h]) {
        result.add(readers.get(h));
      }
    }
    return result;
  }

  /** How a hyperparameter is stored. */
  Transform transform(String name) {
    return find(name).transform();
  }

  /** A hyperparameter's lower bound, 0 where there is none. */
  double least(String name) {
    return Math.max(0, find(name).min());
  }

  /** A hyperparameter's upper bound. */
  double most(String name) {
    return find(name).max();
  }

  private Hyperparameter find(String name) {
    return declared.stream()
        .filter(hyper -> hyper.name().equals(name))
        .findFirst()
        .orElseThrow(() -> UpdateTrial.unknown(name, declared));
  }

  /**
   * Keeps those that are tuned within their bounds, on the tape: beyond one, nothing depends on
   * what the level above did.
   *
   * @param stored values that the level above gives them
   * @return the same tensors where there are no bounds
   */
  List<Tensor> bounded(List<Tensor> stored) {
    List<Tensor> result = new ArrayList<>(stored);
    int at = 0;
    for (int h = 0; h < declared.size(); h++) {
      if (tuned[h]) {
        result.set(at, bounded(declared.get(h), result.get(at)));
        at++;
      }
    }
    return result;
  }

  private static Tensor bounded(Hyperparameter hyper, Tensor stored) {
    double min = hyper.rawMin();
    double max = hyper.rawMax();
    Tensor result = min == Double.NEGATIVE_INFINITY ? stored : stored.maximum(min);
    return max == Double.POSITIVE_INFINITY ? result : result.minimum(max);
  }

  /**
   * What an update reads.
   *
   * @param hyperparameters stored values of those that are tuned
   * @param count the number of the update
   */
  Update.Scalars effective(List<Tensor> hyperparameters, Tensor count) {
    Iterator<Tensor> stored = hyperparameters.iterator();
    Tensor scale = factor.map(Buffer::read).orElse(null);
    Effective effective = new Effective(count);
    for (int h = 0; h < declared.size(); h++) {
      Transform transform = declared.get(h).transform();
      Tensor own = tuned[h] ? stored.next() : null;
      if (asValue[h]) {
        Tensor value = own != null ? transform.effective(own) : INTERNALS.storage(constants.get(h));
        effective.values[h] = scale != null && stepSizes[h] ? value.mul(scale) : value;
      }
      if (asComplement[h]) {
        effective.complements[h] =
            own != null ? transform.complement(own) : INTERNALS.storage(constantComplements.get(h));
      }
    }
    return effective;
  }

  /** The hyperparameters of one update, by name. */
  private final class Effective implements Update.Scalars {
    // Null where nothing reads it.
    private final @Nullable Tensor[] values = new Tensor[declared.size()];
    private final @Nullable Tensor[] complements = new Tensor[declared.size()];
    private final Tensor count;

    Effective(Tensor count) {
      this.count = count;
    }

    private Tensor of(@Nullable Tensor[] all, String name) {
      for (int h = 0; h < all.length; h++) {
        if (declared.get(h).name().equals(name)) {
          Tensor found = all[h];
          if (found == null) {
            throw new IllegalStateException(
                place
                    + ", optimizer '"
                    + level.optimizer().name()
                    + "': its update reads '"
                    + name
                    + "', which it did not when the tower was bound");
          }
          return found;
        }
      }
      throw UpdateTrial.unknown(name, declared);
    }

    @Override
    public Tensor value(String hyperparameter) {
      return of(values, hyperparameter);
    }

    @Override
    public Tensor complement(String hyperparameter) {
      return of(complements, hyperparameter);
    }

    @Override
    public Tensor constant(double value) {
      return session.constant(value);
    }

    @Override
    public Tensor t() {
      return count;
    }
  }

  /** Refuses values that have no stored form. */
  void check(Map<String, Double> values) {
    for (int h = 0; h < declared.size(); h++) {
      Double value = values.get(label(h));
      if (value != null) {
        declared.get(h).at(value);
      }
    }
  }

  /**
   * Gives hyperparameters that are tuned other values than the level above has given them.
   *
   * @param stored where they lie; overwritten, so that what computed them stays
   * @param values effective values by label
   */
  void overwrite(List<Tensor> stored, Map<String, Double> values) {
    Iterator<Tensor> at = stored.iterator();
    for (int h = 0; h < declared.size(); h++) {
      if (tuned[h]) {
        Tensor own = at.next();
        Double value = values.get(label(h));
        if (value != null) {
          session.overwrite(own, new double[] {declared.get(h).transform().raw(value)});
        }
      }
    }
  }

  /**
   * Gives hyperparameters that are not tuned other values from here on.
   *
   * @param values effective values by label
   */
  void fix(Map<String, Double> values) {
    for (int h = 0; h < declared.size(); h++) {
      Double value = values.get(label(h));
      if (value != null && !tuned[h]) {
        fixed[h] = value;
        raw.get(h).set(new double[] {declared.get(h).transform().raw(value)});
        constants.get(h).set(new double[] {value});
        constantComplements.get(h).set(new double[] {1 - value});
      }
    }
  }

  /** Names values that neither the tower's text nor the level above tells. */
  void name(Map<String, Double> changed, NamedTensors named) {
    for (int h = 0; h < declared.size(); h++) {
      Double value = changed.get(label(h));
      if (!tuned[h]) {
        value = fixed[h] == declared.get(h).initial() ? null : (Double) fixed[h];
      }
      if (value != null) {
        named.put(changedName(h), session.tensor(DoubleParts.of(value), DoubleParts.NUMBER));
      }
    }
  }

  /** Values by label that are named. */
  Map<String, Double> changed(NamedTensors named) {
    Map<String, Double> changed = new LinkedHashMap<>();
    for (int h = 0; h < declared.size(); h++) {
      Optional<Tensor> found = named.find(changedName(h), DoubleParts.NUMBER);
      if (found.isPresent()) {
        changed.put(label(h), DoubleParts.sum(found.get().toDoubles()));
      }
    }
    return changed;
  }

  private String changedName(int h) {
    return place.prefix() + "hyperparameter." + declared.get(h).name();
  }

  private String label(int h) {
    return place.label(level.optimizer().name(), declared.get(h).name());
  }

  List<String> labels() {
    List<String> labels = new ArrayList<>();
    for (int h = 0; h < declared.size(); h++) {
      labels.add(label(h));
    }
    return labels;
  }

  /** Labels of {@link #tunedParameters}. */
  List<String> tunedLabels() {
    List<String> labels = new ArrayList<>();
    for (int h = 0; h < declared.size(); h++) {
      if (tuned[h]) {
        labels.add(label(h));
      }
    }
    return labels;
  }

  /** Stored values of the hyperparameters, in the order of their declaration. */
  List<Tensor> stored() {
    return raw.stream().map(INTERNALS::tracked).toList();
  }

  List<HyperparameterValue> values(double[] stored, int from) {
    List<HyperparameterValue> result = new ArrayList<>();
    for (int h = 0; h < declared.size(); h++) {
      double value = tuned[h] ? declared.get(h).effective(stored[from + h]) : fixed[h];
      result.add(
          new HyperparameterValue(
              place.group(),
              place.number(),
              level.optimizer().name(),
              declared.get(h).name(),
              value,
              stored[from + h],
              tuned[h]));
    }
    return result;
  }
}

package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.GradientMode;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.ParameterMap;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.internal.UndoLog;
import io.hypertape.checks.Nulls;
import io.hypertape.optim.TowerState.LevelState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Exact hypergradients over K steps, to compare others with: the derivative of the loss at the end
 * of K updates by every hyperparameter of the optimizer of the weights, through all of the updates,
 * their gradients too, whose derivatives are the Hessians (Maclaurin, Duvenaud, Adams 2015).
 *
 * <pre>{@code
 * var exact = Unrolled.of(new Adam(1e-3), session, parameters).hypergradients(losses);
 * double byAlpha = exact.effective().get("L1.adam.alpha");
 * }</pre>
 *
 * <p>Parameters, optimizer, buffers and dropout counters stay what they are. All K steps are on one
 * tape, with their gradients' own derivatives: memory grows with K. The updates are those of the
 * tower's first level and of each group's, as the schedule has them, without clipping, hooks, guard
 * and cap; what a hyperparameter's bounds do is left out. What an optimizer's definition holds
 * constant in derivatives, as {@link AdaGrad} does its denominator, is so here too.
 */
public final class Unrolled {

  private static final double GAMMA = -0.5;

  private final Session session;
  private final RunningTower levels;
  private final List<Parameter> parameters;
  // Where the steps begin; empty for where the optimizer would.
  private final Optional<TowerOptimizer> running;
  private final GradientMode mode;
  private final double gamma;

  private Unrolled(
      Session session,
      RunningTower levels,
      List<Parameter> parameters,
      Optional<TowerOptimizer> running,
      GradientMode mode,
      double gamma) {
    this.session = session;
    this.levels = levels;
    this.parameters = parameters;
    this.running = running;
    this.mode = mode;
    this.gamma = gamma;
  }

  /**
   * What K steps come to.
   *
   * @param loss the last loss, after K updates
   * @param stored its derivatives by the hyperparameters as they are stored, by label as {@link
   *     HyperparameterValue#label}; those that no update reads are left out
   * @param effective its derivatives by the effective values, by label
   * @param trace the estimate of its derivative by ln α that {@link Hypergradient.Eligibility}
   *     makes of the same steps: ⟨g, e⟩ with the last loss's gradient g and e = w − x̄
   * @param cosine ⟨g, e⟩/(|g|·|e|); 0 if one of them is 0
   */
  public record Hypergradients(
      double loss,
      Map<String, Double> stored,
      Map<String, Double> effective,
      double trace,
      double cosine) {

    /** Keeps copies of the maps. */
    public Hypergradients {
      stored = Collections.unmodifiableMap(Nulls.copy(stored, "hypergradients: stored"));
      effective = Collections.unmodifiableMap(Nulls.copy(effective, "hypergradients: effective"));
    }
  }

  /**
   * Steps of an optimizer that begins.
   *
   * @param optimizer the optimizer
   * @param session whose tensors the parameters are
   * @param parameters what it would update
   * @return K of its steps, for any K
   * @throws IllegalArgumentException as {@link Tower#bind} does
   */
  public static Unrolled of(Optimizer optimizer, Session session, List<Parameter> parameters) {
    return of(Nulls.check(optimizer, "unrolled: optimizer").tower(), session, parameters);
  }

  /**
   * Steps of the first level of a tower that begins, and of its groups' first levels, whose
   * hyperparameters may be stored in {@linkplain Tower#storing other forms}. No level above moves.
   *
   * @param tower the tower
   * @param session whose tensors the parameters are
   * @param parameters what it would update
   * @return K of its steps, for any K
   * @throws IllegalArgumentException as {@link Tower#bind} does
   */
  public static Unrolled of(Tower tower, Session session, List<Parameter> parameters) {
    Nulls.check(tower, "unrolled: tower");
    Nulls.check(session, "unrolled: session");
    Nulls.checkAll(parameters, "unrolled: parameters");
    tower.schedule().factor(Long.MAX_VALUE);
    tower.checkPrecision(session);
    List<Parameter> each = BoundParameters.of(session, parameters);
    RunningTower levels = new RunningTower(tower, session, each);
    return new Unrolled(
        session, levels, each, Optional.empty(), GradientMode.DIFFERENTIABLE, GAMMA);
  }

  /**
   * Steps of an optimizer at work, from where it stands when they are taken, on the parameters that
   * are not frozen then.
   *
   * @param optimizer the optimizer, which does not move
   * @return K of its steps, for any K
   */
  public static Unrolled from(TowerOptimizer optimizer) {
    Nulls.check(optimizer, "unrolled: optimizer");
    RunningTower levels = optimizer.runner().levels();
    return new Unrolled(
        optimizer.session(),
        levels,
        levels.parameters(),
        Optional.of(optimizer),
        GradientMode.DIFFERENTIABLE,
        GAMMA);
  }

  /**
   * The same with the Hessians left out: gradients count as numbers that do not depend on where
   * they are taken. Derivatives still flow through weights and states.
   *
   * @return the changed steps
   */
  public Unrolled withoutHessians() {
    return new Unrolled(session, levels, parameters, running, GradientMode.FIRST_ORDER, gamma);
  }

  /**
   * The same with another memory of {@link Hypergradients#trace}, −0.5 if this is not called.
   *
   * @param newGamma as {@link Hypergradient#trace} has it: −1 or more
   * @return the changed steps
   */
  public Unrolled tracedBy(double newGamma) {
    double checked = new Hypergradient.Eligibility(newGamma).gamma();
    return new Unrolled(session, levels, parameters, running, mode, checked);
  }

  /**
   * Takes K steps, and the derivatives of the loss at their end.
   *
   * @param losses K + 1 of them, each a batch's, from the parameters' values: K updates descend by
   *     the first ones, the last one is differentiated
   * @return the derivatives
   * @throws IllegalArgumentException if there are fewer than two losses, or one has several
   *     elements
   * @throws IllegalStateException if a parameter is at work in an optimizer, or that one is closed
   *     or in the midst of a step
   */
  public Hypergradients hypergradients(List<Supplier<Tensor>> losses) {
    List<Supplier<Tensor>> each = Nulls.copy(losses, "hypergradients: losses");
    if (each.size() < 2) {
      throw new IllegalArgumentException(
          "hypergradients: "
              + each.size()
              + " losses; one for each update and one at the end are needed, so at least two");
    }
    if (running.isPresent()) {
      return running.get().working("hypergradients", () -> undone(each));
    }
    // As they are now.
    BoundParameters.of(session, parameters);
    return undone(each);
  }

  /** Leaves what the losses change beside the parameters as it was. */
  private Hypergradients undone(List<Supplier<Tensor>> losses) {
    try (Tape tape = session.tape()) {
      UndoLog undo = INTERNALS.undoLog(session);
      try {
        return undo.during(() -> taken(tape, losses));
      } finally {
        undo.undo();
      }
    }
  }

  private Hypergradients taken(Tape tape, List<Supplier<Tensor>> losses) {
    List<LevelState> start =
        running.map(optimizer -> optimizer.runner().state().levels()).orElseGet(() -> start(tape));
    Set<Parameter> frozen =
        running.map(optimizer -> optimizer.runner().state().frozen()).orElse(Set.of());
    long steps = running.map(TowerOptimizer::steps).orElse(0L);
    List<UnrolledLevel> first = new ArrayList<>();
    Map<Parameter, Tensor> at = new LinkedHashMap<>();
    for (int k = 0; k < start.size(); k++) {
      RunningLevel level = levels.levels().get(k);
      if (level.place().number() == 1) {
        first.add(new UnrolledLevel(session, tape, level, start.get(k)));
        for (int i = 0; i < level.targets().size(); i++) {
          if (!frozen.contains(level.targets().get(i))) {
            at.put(level.targets().get(i), tape.watch(start.get(k).values().get(i)));
          }
        }
      }
    }
    ParameterMap values = ParameterMap.of(at.keySet(), at::get);
    ParameterMap mean = values.map(Tensor::detach);
    for (int n = 0; n < losses.size() - 1; n++) {
      if (n > 0) {
        mean = moved(mean, values, n);
      }
      Tensor loss = values.during(losses.get(n));
      ParameterMap gradients = tape.gradient(loss, values, mode);
      double factor = levels.factor(steps + n);
      for (UnrolledLevel level : first) {
        values = level.updated(values, gradients, factor);
      }
    }
    Tensor last = values.during(losses.getLast());
    return differentiated(tape, last, first, values, mean);
  }

  private List<LevelState> start(Tape tape) {
    return levels.start(tape);
  }

  /** The running mean after n updates. */
  private ParameterMap moved(ParameterMap mean, ParameterMap values, int n) {
    // Without memory of later weights it stays where the steps began.
    double rate = gamma == -1 ? 0 : (gamma + 1) / (n + gamma);
    return mean.zip(values, (old, w) -> old.add(w.detach().sub(old).mul(rate)));
  }

  private Hypergradients differentiated(
      Tape tape, Tensor loss, List<UnrolledLevel> first, ParameterMap values, ParameterMap mean) {
    List<UnrolledLevel.One> used = first.stream().flatMap(level -> level.used().stream()).toList();
    List<Tensor> targets = new ArrayList<>();
    used.forEach(one -> targets.addAll(one.targets()));
    int hyper = targets.size();
    targets.addAll(values.tensors());
    List<Tensor> gradients = tape.gradient(loss, targets);
    TraceOps.Sums sums = TraceOps.Sums.none(session);
    for (int i = 0; i < values.tensors().size(); i++) {
      Tensor g = gradients.get(hyper + i).detach();
      Tensor e = values.tensors().get(i).detach().sub(mean.tensors().get(i));
      sums = sums.with(g, e);
    }
    List<Tensor> read = new ArrayList<>(gradients.subList(0, hyper));
    read.addAll(sums.all());
    read.add(loss);
    double[] numbers = session.items(read.stream().map(Tensor::detach).toList());
    Map<String, Double> stored = new LinkedHashMap<>();
    Map<String, Double> effective = new LinkedHashMap<>();
    for (int i = 0; i < used.size(); i++) {
      UnrolledLevel.One one = used.get(i);
      stored.put(one.label(), numbers[3 * i]);
      effective.put(
          one.label(), one.effective(numbers[3 * i], numbers[3 * i + 1], numbers[3 * i + 2]));
    }
    double cosine = TraceOps.Sums.cosine(numbers[hyper], numbers[hyper + 1], numbers[hyper + 2]);
    return new Hypergradients(numbers[hyper + 3], stored, effective, numbers[hyper], cosine);
  }
}

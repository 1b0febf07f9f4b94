package io.hypertape.optim;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.TowerState.LevelState;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Hypergradient} at work above the weights. What it remembers is its level's; all is
 * computed by the session's backend, so that nothing has to be read between two updates.
 */
final class RunningHypergradient {

  /** Until which update what is tuned rests. */
  static final String RESTS = "rests";

  /** The γ of a mean that does not move. */
  private static final double STAYING = -1;

  private final Hypergradient rule;
  private final Session session;
  private final List<String> targets;
  private final Optional<Buffer> factor;

  /**
   * One at work.
   *
   * @param targets names of the hyperparameters that the level tunes
   * @param factor the schedule's; empty if it is always 1
   */
  RunningHypergradient(
      Hypergradient rule, Session session, List<String> targets, Optional<Buffer> factor) {
    this.rule = rule;
    this.session = session;
    this.targets = targets;
    this.factor = factor;
  }

  /**
   * What a level updates by.
   *
   * @param gradients one of each target
   * @param before the normalized gradients of the last update
   * @param open 1 where the targets move, 0 where they stand still; null for always 1
   * @param more what the level remembers
   */
  record Feed(
      List<Tensor> gradients, List<Tensor> before, @Nullable Tensor open, List<Tensor> more) {}

  /**
   * What becomes of traces.
   *
   * @param means next means of the weights; none if no step size is tuned
   * @param rate by how much a trace is forgotten
   */
  record Moved(List<Tensor> means, Tensor rate) {}

  /**
   * What a trace comes to.
   *
   * @param moved what becomes of it
   * @param feed what the level above the weights updates by
   */
  record Traced(Moved moved, Feed feed) {}

  /** Of each traced parameter gradient, value, and what {@link LevelTraces#read} gives. */
  static final class Parts {
    private final List<Tensor> gradients = new ArrayList<>();
    private final List<Tensor> values = new ArrayList<>();
    private final List<List<Tensor>> traces = new ArrayList<>();

    void add(Tensor gradient, Tensor value, List<Tensor> traced) {
      gradients.add(gradient.detach());
      values.add(value.detach());
      traces.add(traced);
    }

    /** One of what is traced, of each parameter. */
    private List<Tensor> trace(int which) {
      return traces.stream().map(each -> each.get(which).detach()).toList();
    }
  }

  /** What the level remembers. */
  List<StateVariable> variables() {
    List<StateVariable> all = new ArrayList<>();
    if (rule.source() instanceof Hypergradient.Agreement || rule.isPlain()) {
      return all;
    }
    boolean isTrace = rule.source() instanceof Hypergradient.Eligibility;
    for (String target : targets) {
      if (rule.normalized() || isTrace) {
        all.add(new StateVariable("largest." + target, 0));
      }
      all.add(new StateVariable("last." + target, 0));
    }
    if (isTrace) {
      all.add(new StateVariable("highest", -Float.MAX_VALUE));
      all.add(new StateVariable(RESTS, 0));
    }
    return all;
  }

  /** Cuts, scales and remembers hypergradients of the tape, after n updates. */
  Feed ofTape(Tensor n, List<Tensor> remembered, List<Tensor> measured) {
    Iterator<Tensor> more = remembered.iterator();
    List<Tensor> next = new ArrayList<>();
    List<Tensor> gradients = new ArrayList<>();
    List<Tensor> last = new ArrayList<>();
    for (Tensor gradient : measured) {
      Tensor shaped = gradient.detach();
      if (rule.normalized()) {
        Tensor largest = more.next().maximum(shaped.abs());
        next.add(largest);
        shaped = shaped.div(largest.maximum(TraceOps.TINY));
      }
      if (Double.isFinite(rule.limit())) {
        shaped = shaped.maximum(-rule.limit()).minimum(rule.limit());
      }
      last.add(more.next());
      next.add(shaped);
      gradients.add(shaped);
    }
    return new Feed(gradients, last, open(n), next);
  }

  /** 1 where what is tuned may move after n updates; null for always. */
  private @Nullable Tensor open(Tensor n) {
    Tensor open = rule.warmUp() > 0 ? n.greaterOrEqual(rule.warmUp()) : null;
    if (rule.held() && factor.isPresent()) {
      Tensor full = factor.get().read().greaterOrEqual(1);
      open = open == null ? full : open.mul(full);
    }
    return open;
  }

  /**
   * From the weights' gradients.
   *
   * @param before of the level that tunes
   * @param n how many updates there were
   * @param remembered what it remembers
   * @param traces what is traced
   * @param parts of the weights
   * @param work whether means move with the weights, or only where the trace begins anew
   */
  Traced ofTrace(
      LevelState before,
      Tensor n,
      List<Tensor> remembered,
      LevelTraces traces,
      Parts parts,
      UpdateWork work) {
    Tensor one = session.constant(1);
    int size = remembered.size();
    TraceOps.Rate rate =
        TraceOps.rate(
            List.of(
                n,
                before.values().get(traces.step(targets)).detach(),
                remembered.get(size - 2),
                remembered.get(size - 1),
                rule.held() ? factor.map(Buffer::read).orElse(one) : one,
                session.constant(work == UpdateWork.TUNE ? STAYING : gamma()),
                session.constant(StrictMath.log(rule.drop())),
                session.constant(rule.rest()),
                session.constant(Math.max(1, rule.warmUp()))));
    Moved moved = new Moved(new ArrayList<>(), rate.rate());
    TraceOps.Sums ofStep = move(traces, parts, moved);
    List<Tensor> gradients = new ArrayList<>();
    List<Tensor> last = new ArrayList<>();
    List<Tensor> more = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      int other = traces.others().indexOf(targets.get(i));
      boolean isStep = other < 0;
      TraceOps.Sums sums =
          isStep ? ofStep : sums(parts, parts.trace((traces.ofStep() ? 1 : 0) + other));
      TraceOps.Cosine cosine =
          TraceOps.cosine(
              sums,
              // Nothing could move if all is frozen, as before the first update; and only a step
              // size may be too small to move anything.
              isStep && !parts.values.isEmpty() ? n : session.constant(0),
              remembered.get(2 * i),
              session.constant(rule.normalized() ? 1 : 0),
              session.constant(rule.limit()));
      gradients.add(cosine.gradient());
      last.add(remembered.get(2 * i + 1));
      more.add(cosine.largest());
      more.add(cosine.gradient());
    }
    more.add(rate.highest());
    more.add(rate.rests());
    return new Traced(moved, new Feed(gradients, last, rate.open(), more));
  }

  private double gamma() {
    return ((Hypergradient.Eligibility) rule.source()).gamma();
  }

  /** What becomes of traces after n updates of the weights if nothing is tuned. */
  Moved moved(Tensor n, LevelTraces traces, Parts parts) {
    Tensor rate = n.maximum(1).add(gamma()).maximum(TraceOps.TINY).reciprocal().mul(gamma() + 1);
    Moved moved = new Moved(new ArrayList<>(), rate);
    move(traces, parts, moved);
    return moved;
  }

  /** Adds the next means, and gives what all weights come to. */
  private TraceOps.Sums move(LevelTraces traces, Parts parts, Moved moved) {
    TraceOps.Sums sums = TraceOps.Sums.none(session);
    if (!traces.ofStep()) {
      return sums;
    }
    List<Tensor> means = parts.trace(0);
    for (int i = 0; i < means.size(); i++) {
      TraceOps.Moved one =
          TraceOps.move(
              parts.gradients.get(i), parts.values.get(i), means.get(i), moved.rate(), sums);
      moved.means().add(one.mean());
      sums = one.sums();
    }
    return sums;
  }

  /** Sums over all weights, with derivatives by another hyperparameter than a step size. */
  private TraceOps.Sums sums(Parts parts, List<Tensor> derivatives) {
    TraceOps.Sums sums = TraceOps.Sums.none(session);
    for (int i = 0; i < derivatives.size(); i++) {
      sums = sums.with(parts.gradients.get(i), derivatives.get(i));
    }
    return sums;
  }

  /**
   * How far the last hypergradients of the level below agree.
   *
   * @param below what that level updates by
   * @param readers of each target, a step size of that level, which of its hypergradients it
   *     multiplies
   */
  Feed ofAgreement(Feed below, List<List<Integer>> readers) {
    double threshold = ((Hypergradient.Agreement) rule.source()).threshold();
    List<Tensor> gradients = new ArrayList<>();
    for (List<Integer> reader : readers) {
      Tensor agreement = null;
      for (int i : reader) {
        Tensor product = below.gradients.get(i).mul(below.before.get(i));
        agreement = agreement == null ? product : agreement.add(product);
      }
      gradients.add(agreement.mul(-1.0 / reader.size()).add(threshold));
    }
    return new Feed(gradients, List.of(), below.open, List.of());
  }
}

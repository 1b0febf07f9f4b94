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

  // Keeps a quotient of zeros 0, and changes no other.
  private static final double TINY = 1e-30;

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
   * What a trace comes to.
   *
   * @param means next means of the weights
   * @param feed what the level above them updates by
   */
  record Traced(List<Tensor> means, Feed feed) {}

  /** Of each traced parameter gradient, value and mean. */
  static final class Parts {
    private final List<Tensor> gradients = new ArrayList<>();
    private final List<Tensor> values = new ArrayList<>();
    private final List<Tensor> means = new ArrayList<>();

    void add(Tensor gradient, Tensor value, Tensor mean) {
      gradients.add(gradient.detach());
      values.add(value.detach());
      means.add(mean);
    }
  }

  /** What the level remembers. */
  List<StateVariable> variables() {
    List<StateVariable> all = new ArrayList<>();
    if (rule.source() instanceof Hypergradient.Agreement || rule.isPlain()) {
      return all;
    }
    for (String target : targets) {
      if (rule.normalized()) {
        all.add(new StateVariable("largest." + target, 0));
      }
      all.add(new StateVariable("last." + target, 0));
    }
    if (rule.restarts()) {
      all.add(new StateVariable("highest", -Float.MAX_VALUE));
      all.add(new StateVariable("rests", 0));
      all.add(new StateVariable("restarted", 0));
    }
    return all;
  }

  /** Cuts, scales and remembers hypergradients of the tape. */
  Feed ofTape(LevelState before, List<Tensor> remembered, List<Tensor> gradients) {
    Tensor n = before.count();
    return shaped(remembered.iterator(), gradients, null, open(n, null), List.of());
  }

  /**
   * From the weights' gradients.
   *
   * @param before of the level that tunes the step size
   * @param remembered what it remembers
   * @param parts of the weights
   */
  Traced ofTrace(LevelState before, List<Tensor> remembered, Parts parts) {
    Tensor n = before.count();
    double gamma = ((Hypergradient.Eligibility) rule.source()).gamma();
    Tensor rate = n.maximum(1).add(gamma).reciprocal().mul(gamma + 1);
    Restart restart = rule.restarts() ? restart(before, remembered, n) : null;
    if (restart != null) {
      rate = Tensor.where(restart.now, session.constant(1), rate);
    }
    Tensor none = session.constant(0);
    TraceOp.Sums sums = new TraceOp.Sums(none, none, none);
    List<Tensor> next = new ArrayList<>();
    for (int i = 0; i < parts.values.size(); i++) {
      TraceOp.Result result =
          TraceOp.apply(
              parts.gradients.get(i), parts.values.get(i), parts.means.get(i), rate, sums);
      next.add(result.mean());
      sums = result.sums();
    }
    Tensor sizes = sums.gradient().sqrt().mul(sums.trace().sqrt());
    Tensor cosine = sums.product().div(sizes.add(TINY));
    // What is no number says nothing.
    Tensor sound = Tensor.where(cosine.equalTo(cosine), cosine, none);
    // Before the first update nothing could move, nor what is frozen.
    Tensor moved =
        parts.values.isEmpty() ? null : sums.trace().greaterThan(0).maximum(n.lessThan(1));
    Feed feed =
        shaped(
            remembered.iterator(),
            List.of(sound),
            moved,
            open(n, restart),
            restart == null ? List.of() : restart.more());
    return new Traced(next, feed);
  }

  /** How far the last hypergradients of the level below agree. */
  Feed ofAgreement(Feed below) {
    double threshold = ((Hypergradient.Agreement) rule.source()).threshold();
    Tensor agreement = null;
    for (int i = 0; i < below.gradients.size(); i++) {
      Tensor product = below.gradients.get(i).mul(below.before.get(i));
      agreement = agreement == null ? product : agreement.add(product);
    }
    Tensor gradient = agreement.mul(-1.0 / below.gradients.size()).add(threshold);
    return new Feed(List.of(gradient), List.of(), below.open, List.of());
  }

  private Feed shaped(
      Iterator<Tensor> more,
      List<Tensor> measured,
      @Nullable Tensor moved,
      @Nullable Tensor open,
      List<Tensor> rest) {
    List<Tensor> next = new ArrayList<>();
    List<Tensor> gradients = new ArrayList<>();
    List<Tensor> before = new ArrayList<>();
    for (Tensor gradient : measured) {
      Tensor shaped = gradient.detach();
      if (rule.normalized()) {
        Tensor largest = more.next().maximum(shaped.abs());
        next.add(largest);
        shaped = shaped.div(largest.maximum(TINY));
      }
      if (Double.isFinite(rule.limit())) {
        shaped = shaped.maximum(-rule.limit()).minimum(rule.limit());
      }
      if (moved != null) {
        // No weight has changed by a digit: the step size must grow.
        shaped = Tensor.where(moved, shaped, session.constant(-1));
      }
      before.add(more.next());
      next.add(shaped);
      gradients.add(shaped);
    }
    next.addAll(rest);
    return new Feed(gradients, before, open, next);
  }

  /** 1 where what is tuned may move after n updates; null for always. */
  private @Nullable Tensor open(Tensor n, @Nullable Restart restart) {
    Tensor open = null;
    long first = rule.isFromTape() ? rule.warmUp() : Math.max(1, rule.warmUp());
    if (first > 0) {
      open = n.greaterOrEqual(first);
    }
    if (rule.held() && factor.isPresent()) {
      open = and(open, factor.get().read().greaterOrEqual(1));
    }
    return restart == null ? open : and(open, n.greaterOrEqual(restart.rests));
  }

  private static Tensor and(@Nullable Tensor one, Tensor other) {
    return one == null ? other : one.mul(other);
  }

  /** Whether a trace begins anew, and what decides the next one. */
  private record Restart(Tensor now, Tensor highest, Tensor rests, Tensor restarted) {
    List<Tensor> more() {
      return List.of(highest, rests, restarted);
    }
  }

  private Restart restart(LevelState before, List<Tensor> remembered, Tensor n) {
    List<Tensor> more = remembered.subList(remembered.size() - 3, remembered.size());
    Tensor value = before.values().getFirst().detach();
    // What it was at the very beginning, which the first update may cut, was no choice of its own.
    Tensor chosen = n.greaterOrEqual(2);
    Tensor highest = Tensor.where(chosen, more.get(0).maximum(value), more.get(0));
    Tensor below = value.lessThan(highest.sub(Math.log(rule.drop())));
    Tensor now = below.mul(chosen).mul(more.get(2).equalTo(0));
    if (rule.held() && factor.isPresent()) {
      now = now.mul(factor.get().read().greaterOrEqual(1));
    }
    Tensor until = n.mul(rule.rest()).maximum(Hypergradient.MIN_REST).add(n);
    Tensor rests = Tensor.where(now, until, more.get(1));
    return new Restart(now, highest, rests, more.get(2).maximum(now));
  }
}

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
    boolean isTrace = rule.source() instanceof Hypergradient.Eligibility;
    for (String target : targets) {
      if (rule.normalized() || isTrace) {
        all.add(new StateVariable("largest." + target, 0));
      }
      all.add(new StateVariable("last." + target, 0));
    }
    if (isTrace) {
      all.add(new StateVariable("highest", -Float.MAX_VALUE));
      all.add(new StateVariable("rests", 0));
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
   * @param before of the level that tunes the step size
   * @param n how many updates there were
   * @param remembered what it remembers
   * @param parts of the weights
   * @param work whether means move with the weights, or only where the trace begins anew
   */
  Traced ofTrace(
      LevelState before, Tensor n, List<Tensor> remembered, Parts parts, UpdateWork work) {
    Tensor one = session.constant(1);
    TraceOps.Rate rate =
        TraceOps.rate(
            List.of(
                n,
                before.values().getFirst().detach(),
                remembered.get(2),
                remembered.get(3),
                rule.held() ? factor.map(Buffer::read).orElse(one) : one,
                session.constant(work == UpdateWork.TUNE ? STAYING : gamma()),
                session.constant(Math.log(rule.drop())),
                session.constant(rule.rest()),
                session.constant(Math.max(1, rule.warmUp()))));
    List<Tensor> means = new ArrayList<>();
    TraceOps.Sums sums = move(parts, rate.rate(), means);
    TraceOps.Cosine cosine =
        TraceOps.cosine(
            sums,
            // Nothing could move if all is frozen, as before the first update.
            parts.values.isEmpty() ? session.constant(0) : n,
            remembered.get(0),
            session.constant(rule.normalized() ? 1 : 0),
            session.constant(rule.limit()));
    Tensor gradient = cosine.gradient();
    return new Traced(
        means,
        new Feed(
            List.of(gradient),
            List.of(remembered.get(1)),
            rate.open(),
            List.of(cosine.largest(), gradient, rate.highest(), rate.rests())));
  }

  private double gamma() {
    return ((Hypergradient.Eligibility) rule.source()).gamma();
  }

  /** The next means of weights, after n updates of theirs. */
  List<Tensor> moved(Tensor n, Parts parts) {
    Tensor rate = n.maximum(1).add(gamma()).maximum(TraceOps.TINY).reciprocal().mul(gamma() + 1);
    List<Tensor> next = new ArrayList<>();
    move(parts, rate, next);
    return next;
  }

  /** Adds the next means, and gives what all weights come to. */
  private TraceOps.Sums move(Parts parts, Tensor rate, List<Tensor> means) {
    Tensor none = session.constant(0);
    TraceOps.Sums sums = new TraceOps.Sums(none, none, none);
    for (int i = 0; i < parts.values.size(); i++) {
      TraceOps.Moved moved =
          TraceOps.move(
              parts.gradients.get(i), parts.values.get(i), parts.means.get(i), rate, sums);
      means.add(moved.mean());
      sums = moved.sums();
    }
    return sums;
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
}

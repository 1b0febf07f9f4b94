package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Adds up gradients over the parts of a batch that is too large for memory. What comes out is,
 * within rounding, what the whole batch gives: the gradients by hyperparameters are linear in the
 * loss too. Memory is that of the largest part, and twice that of the weights.
 *
 * <pre>{@code
 * Accumulation sum = optimizer.accumulation();
 * sum.add(0.5, () -> loss(firstHalf));
 * sum.add(0.5, () -> loss(secondHalf));
 * optimizer.update(sum.gradients());
 * }</pre>
 *
 * <p>If a part's loss throws, that part has not been added and can be tried again. If the backend
 * fails while a part is added, the sum is lost: {@link #add} and {@link #gradients} say so once,
 * and the next part is a first one. What earlier parts changed beside the tower, such as running
 * means of batch norm, stays.
 *
 * <p>It holds storage until the optimizer is closed: one serves for all steps.
 */
public final class Accumulation {

  private final TowerOptimizer optimizer;
  private final TowerRunner runner;
  private final Session session;
  private final StepBuffers buffers;
  private final RecordingPolicy policy;
  private final Parameter share;
  // For even and odd steps: a pass reads the gradients of the step before it.
  private final List<List<Parameter>> sums = List.of(new ArrayList<>(), new ArrayList<>());
  private final List<Parameter> losses;
  // What the parts so far start from; null if there are none.
  private @Nullable TowerState start;
  // The sums may hold some of a part.
  private boolean storing;
  private boolean isLost;

  Accumulation(TowerOptimizer optimizer) {
    this.optimizer = optimizer;
    this.runner = optimizer.runner();
    this.session = optimizer.session();
    TowerStorage storage = runner.storage();
    this.buffers = storage.buffers(storage.newStorage(), StepBuffers.Steps.RECORDED);
    this.policy = new RecordingPolicy(session);
    try (Scope unused = session.scratch()) {
      share = scalar("share");
      losses = List.of(scalar("loss"), scalar("loss"));
    }
  }

  private Parameter scalar(String name) {
    return runner.storage().own(new Parameter(name, session.scalar(0)));
  }

  /**
   * Adds a part.
   *
   * @param weight the part's share of the batch, such as its rows by those of the batch: what its
   *     loss and gradients count
   * @param loss computes the part's mean loss, a tensor of one element
   * @return the part's loss, usable until the next part
   * @throws IllegalStateException if the optimizer has taken another step since the first part
   */
  public Tensor add(double weight, Supplier<Tensor> loss) {
    Nulls.check(loss, "add: loss");
    return added(weight, () -> runner.gradients(part(loss)));
  }

  /**
   * Adds a part whose loss is prepared: it is recorded and replayed where the backend can do that.
   *
   * @param weight the part's share of the batch, such as its rows by those of the batch
   * @param step the loss, of the same optimizer
   * @param inputs the part, in the order in which the loss function expects it
   * @return the part's loss, usable until the next part
   * @throws IllegalStateException if the optimizer has taken another step since the first part
   */
  public Tensor add(double weight, TrainingStep step, Input... inputs) {
    Nulls.check(step, "add: step");
    if (step.optimizer() != optimizer) {
      throw new IllegalArgumentException("add: the step is of another optimizer");
    }
    step.check("add", inputs);
    return added(weight, () -> step.part(this::part, kind(), inputs));
  }

  private Tensor added(double weight, Supplier<Gradients> pass) {
    if (!(weight > 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException(
          "add: a part's share is " + weight + "; a finite number above 0 is needed");
    }
    return optimizer.working(
        "add",
        () -> {
          checkSum("add");
          share.set(new double[] {weight});
          prepareSums();
          Gradients gradients = stored(pass);
          start = runner.state();
          return runner.result(gradients);
        });
  }

  private void checkSum(String what) {
    boolean isOld = start != null && start != runner.state();
    if (!isLost && !isOld) {
      return;
    }
    String why =
        isLost
            ? ": a part failed in its midst, and the sum is lost; begin again with the first part"
            : ": the optimizer has taken another step since the first part; begin again with it";
    isLost = false;
    start = null;
    throw new IllegalStateException(what + why);
  }

  private Gradients stored(Supplier<Gradients> pass) {
    storing = false;
    try {
      return pass.get();
    } catch (RuntimeException | Error e) {
      isLost = storing;
      throw e;
    }
  }

  private void prepareSums() {
    List<Parameter> now = sums();
    List<Tensor> values = runner.levels().values(runner.state());
    if (fit(now, values)) {
      return;
    }
    // The first step, or others are frozen.
    now.forEach(runner.storage()::disown);
    now.clear();
    try (Scope unused = session.scratch()) {
      for (Tensor value : values) {
        now.add(runner.storage().own(new Parameter("gradient", session.zeros(value.shape()))));
      }
    }
  }

  private static boolean fit(List<Parameter> sums, List<Tensor> values) {
    if (sums.size() != values.size()) {
      return false;
    }
    for (int i = 0; i < sums.size(); i++) {
      if (!Arrays.equals(sums.get(i).shape(), values.get(i).shape())) {
        return false;
      }
    }
    return true;
  }

  private List<Parameter> sums() {
    return sums.get(runner.state().bufferIndex());
  }

  private Parameter loss() {
    return losses.get(runner.state().bufferIndex());
  }

  private PassWork.Kind kind() {
    return start == null ? PassWork.Kind.FIRST_OF_SUM : PassWork.Kind.MORE_OF_SUM;
  }

  /** A part's loss, and adding it and its gradients up. */
  private PassWork part(Supplier<Tensor> loss) {
    boolean isFirst = start == null;
    return new PassWork() {
      @Override
      public Tensor loss() {
        storing = false;
        return loss.get();
      }

      @Override
      public void replays() {
        storing = true;
      }

      @Override
      public Optional<Object> target() {
        return Optional.of(Accumulation.this);
      }

      @Override
      public Gradients gradients(Pass pass, Tensor value) {
        Gradients gradients = runner.differentiated(pass, value);
        List<Parameter> into = new ArrayList<>(sums());
        into.add(Accumulation.this.loss());
        List<Tensor> more = new ArrayList<>(gradients.tensors());
        more.add(value.detach().reshape());
        store(into, more, isFirst);
        return gradients;
      }
    };
  }

  /** Computes all sums before any is stored: until then the part can be tried again. */
  private void store(List<Parameter> into, List<Tensor> more, boolean isFirst) {
    List<Tensor> results = new ArrayList<>();
    for (int i = 0; i < into.size(); i++) {
      Tensor weighted = more.get(i).mul(INTERNALS.storage(share));
      results.add(isFirst ? weighted : INTERNALS.storage(into.get(i)).add(weighted));
    }
    storing = true;
    for (int i = 0; i < into.size(); i++) {
      INTERNALS.place(into.get(i), results.get(i));
      INTERNALS.commit(into.get(i));
    }
  }

  /**
   * What the parts add up to, as hooks leave it. The next part begins a new sum.
   *
   * @return the summed loss and gradients, which {@link TowerOptimizer#update} takes
   * @throws IllegalStateException if there are no parts, or the optimizer has taken another step
   *     since, or the sum is lost
   */
  public Gradients gradients() {
    return optimizer.working(
        "gradients",
        () -> {
          checkSum("gradients");
          if (start == null) {
            throw new IllegalStateException(
                "gradients: there are no parts of this step yet; add(share, loss) is needed");
          }
          Gradients sum = runner.gradients(policy, buffers, PassWork.Kind.STEP, new Sum());
          start = null;
          return sum;
        });
  }

  /** The sums as a pass of their own. */
  private final class Sum implements PassWork {
    @Override
    public Tensor loss() {
      return INTERNALS.storage(Accumulation.this.loss());
    }

    @Override
    public Gradients gradients(Pass pass, Tensor loss) {
      List<Tensor> tensors = sums().stream().map(INTERNALS::storage).toList();
      return runner.hooks().apply(new Gradients(pass, loss, tensors));
    }
  }

  /**
   * How steps run, for people.
   *
   * @return such as {@code steps are replayed, 83 operations each}
   */
  public String mode() {
    return policy.mode();
  }
}

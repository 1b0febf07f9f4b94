package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.shards.Shards;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of a batch from those of its {@linkplain Shards shards}. This worker's shards are
 * computed one after another and added up in the order of a binary tree, then joined with those of
 * other workers: every worker then has the gradients of the whole batch, in the same bits however
 * many workers there are. Only weights have gradients by shard: those of hyperparameters follow
 * from the joined ones, once.
 *
 * <pre>{@code
 * ShardSum sum = ShardSum.of(optimizer, Shards.of(4), List.of());
 * for (int shard = 0; shard < 4; shard++) {
 *   sum.add(shard, rows(shard), step, inputs(shard)); // those without rows are left out
 * }
 * optimizer.update(sum.gradients());
 * }</pre>
 *
 * <p>Memory is that of a shard, and that of the weights once for each level of the tree. If a shard
 * fails, or the exchange does, the sum is lost, and the next shard begins another one. It holds
 * storage until the optimizer is closed: one serves for all steps.
 */
public final class ShardSum {

  private final TowerOptimizer optimizer;
  private final TowerRunner runner;
  private final Session session;
  private final Shards shards;
  private final List<Buffer> statistics;
  private final StepBuffers buffers;
  private final RecordingPolicy policy;
  private final Parameter weight;
  private final ShardTree tree;
  // What the shards so far start from; null if there are none.
  private @Nullable TowerState start;

  /**
   * An empty sum.
   *
   * @param optimizer whose gradients are computed
   * @param shards into how many a batch is divided, and who has them
   * @param statistics what the loss changes beside the tower, such as running means: every shard
   *     starts from what they were before the batch, and they become what they were plus the
   *     weighted mean of what each shard adds
   * @return a sum, usable until the optimizer is closed
   * @throws IllegalArgumentException if several workers share the shards and the session computes
   *     in another precision than float32
   */
  public static ShardSum of(TowerOptimizer optimizer, Shards shards, List<Buffer> statistics) {
    Nulls.check(optimizer, "shard sum: optimizer");
    Nulls.check(shards, "shard sum: shards");
    List<Buffer> all = Nulls.copy(statistics, "shard sum: statistics");
    return optimizer.working("shard sum", () -> new ShardSum(optimizer, shards, all));
  }

  private ShardSum(TowerOptimizer optimizer, Shards shards, List<Buffer> statistics) {
    this.optimizer = optimizer;
    this.runner = optimizer.runner();
    this.session = optimizer.session();
    this.shards = shards;
    this.statistics = statistics;
    if (shards.exchange().workers() > 1 && session.dtype() != DType.F32) {
      throw new IllegalArgumentException(
          "shards of several workers are joined as float32; this session computes in "
              + session.dtype());
    }
    TowerStorage storage = runner.storage();
    this.buffers = storage.buffers(storage.newStorage(), StepBuffers.Steps.RECORDED);
    this.policy = new RecordingPolicy(session);
    this.tree = new ShardTree(session, storage, shards.own());
    try (Scope unused = session.scratch()) {
      this.weight = storage.own(new Parameter("weight", session.scalar(0)));
    }
  }

  /**
   * Adds a shard, recorded and replayed where the backend can do that.
   *
   * @param shard its number; one of this worker's, above that of the shard before
   * @param count how much it counts, such as the number of its rows, or the sum of their weights
   * @param step computes the mean loss of its rows, of the same optimizer
   * @param inputs its rows, in the order in which the loss function expects them
   * @return the shard's loss, usable until the next shard
   * @throws IllegalArgumentException if it is another worker's shard, or not above the one before
   * @throws IllegalStateException if the optimizer has taken another step since the first shard
   */
  public Tensor add(int shard, double count, TrainingStep step, Input... inputs) {
    Nulls.check(step, "add: step");
    if (step.optimizer() != optimizer) {
      throw new IllegalArgumentException("add: the step is of another optimizer");
    }
    step.check("add", inputs);
    if (!(count > 0) || Double.isInfinite(count)) {
      throw new IllegalArgumentException(
          "add: shard " + shard + " counts " + count + "; a finite number above 0 is needed");
    }
    return optimizer.working(
        "add",
        () -> {
          begin("add");
          checkNext(shard);
          return undoneIfItFails(
              () -> {
                addEmpty(shard - shards.first());
                weight.set(new double[] {count});
                Gradients gradients = step.part(this::part, PassWork.Kind.FIRST_OF_SUM, inputs);
                tree.add();
                return runner.result(gradients);
              });
        });
  }

  /** Adds all shards of this worker by one pass, which leaves at the leaf what the root is. */
  Tensor addTogether(TrainingStep step, Function<Supplier<Tensor>, PassWork> work, Input[] inputs) {
    step.check("add", inputs);
    return optimizer.working(
        "add",
        () -> {
          begin("add");
          if (tree.added() > 0) {
            throw new IllegalStateException("add: shards of this batch have been added already");
          }
          return undoneIfItFails(
              () -> {
                Gradients gradients = step.part(work, PassWork.Kind.FIRST_OF_SUM, inputs);
                tree.addAll();
                return runner.result(gradients);
              });
        });
  }

  TowerOptimizer optimizer() {
    return optimizer;
  }

  TowerRunner runner() {
    return runner;
  }

  Shards shards() {
    return shards;
  }

  List<Buffer> statistics() {
    return statistics;
  }

  /** Where gradients by weights, then loss and count, are put. */
  List<Parameter> leaf() {
    return tree.leaf();
  }

  private void checkNext(int shard) {
    int next = shards.first() + tree.added();
    int end = shards.first() + shards.own();
    if (shard < next || shard >= end) {
      throw new IllegalArgumentException(
          "add: shard "
              + shard
              + " of this worker's "
              + shards.first()
              + " to "
              + (end - 1)
              + (next == end ? "; all have been added" : "; " + next + " or a later one is next"));
    }
  }

  /** Begins a sum, unless one has begun. */
  private void begin(String what) {
    if (start == null) {
      tree.begin(shapes());
      start = runner.state();
    } else if (start != runner.state()) {
      start = null;
      throw new IllegalStateException(
          what
              + ": the optimizer has taken another step since the first shard; begin again with it");
    }
  }

  private List<int[]> shapes() {
    List<int[]> shapes = new ArrayList<>();
    weights(runner.state()).forEach(value -> shapes.add(value.shape()));
    statistics.forEach(buffer -> shapes.add(buffer.shape()));
    shapes.add(new int[0]);
    shapes.add(new int[0]);
    return shapes;
  }

  private List<Tensor> weights(TowerState state) {
    List<Tensor> values = runner.levels().values(state);
    return places(state).stream().map(values::get).toList();
  }

  /** Where the weights' gradients are among all. */
  private List<Integer> places(TowerState state) {
    return List.copyOf(runner.levels().weights(state.frozen()).values());
  }

  private <T> T undoneIfItFails(Supplier<T> work) {
    boolean done = false;
    try {
      T result = work.get();
      done = true;
      return result;
    } finally {
      if (!done) {
        start = null;
      }
    }
  }

  /** Adds shards without rows, up to a place. */
  private void addEmpty(int end) {
    while (tree.added() < end) {
      tree.clear();
      tree.add();
    }
  }

  /** A shard's loss, and putting it and its gradients where the tree finds them. */
  private PassWork part(Supplier<Tensor> loss) {
    return new PassWork() {
      private List<Tensor> before = List.of();

      @Override
      public Tensor loss() {
        before = statistics.stream().map(Buffer::read).toList();
        return loss.get();
      }

      @Override
      public Optional<Object> target() {
        return Optional.of(ShardSum.this);
      }

      @Override
      public Gradients gradients(Pass pass, Tensor value) {
        TowerState state = pass.before();
        List<Tensor> given = new ArrayList<>(state.tape().gradient(value, weights(state)));
        for (int i = 0; i < before.size(); i++) {
          given.add(statistics.get(i).read().sub(before.get(i)));
          statistics.get(i).write(before.get(i));
        }
        given.add(value.detach().reshape());
        given.add(session.constant(1));
        store(given);
        return new Gradients(pass, value, List.of());
      }
    };
  }

  private void store(List<Tensor> given) {
    Tensor count = INTERNALS.storage(weight);
    for (int i = 0; i < given.size(); i++) {
      Parameter place = tree.leaf().get(i);
      INTERNALS.place(place, given.get(i).mul(count));
      INTERNALS.commit(place);
    }
  }

  /**
   * The gradients of the whole batch, as hooks leave them. Shards that were not added count as such
   * without rows. The next shard begins another sum.
   *
   * @return the joined loss and gradients, which {@link TowerOptimizer#update} takes; no numbers if
   *     there are no rows in any shard of any worker
   * @throws IllegalStateException if the optimizer has taken another step since the first shard
   */
  public Gradients gradients() {
    return optimizer.working(
        "gradients",
        () -> {
          begin("gradients");
          Gradients joined =
              undoneIfItFails(
                  () -> {
                    addEmpty(shards.own());
                    if (shards.exchange().workers() > 1) {
                      tree.exchange(shards.exchange());
                    }
                    return runner.gradients(policy, buffers, PassWork.Kind.STEP, new Joined());
                  });
          start = null;
          return joined;
        });
  }

  /** What has been joined, as a pass of its own. */
  private final class Joined implements PassWork {

    /** Of what was joined, by its place; places below 0 count from the end. */
    private Tensor mean(int place) {
      List<Parameter> leaf = tree.leaf();
      Tensor sum = INTERNALS.storage(leaf.get(Math.floorMod(place, leaf.size())));
      return sum.div(INTERNALS.storage(leaf.getLast()));
    }

    @Override
    public Tensor loss() {
      return mean(-2);
    }

    @Override
    public Gradients gradients(Pass pass, Tensor loss) {
      TowerState state = pass.before();
      List<Integer> places = places(state);
      List<Tensor> values = runner.levels().values(state);
      List<Tensor> all = new ArrayList<>(values);
      List<Tensor> weights = new ArrayList<>();
      List<Tensor> cotangents = new ArrayList<>();
      for (int i = 0; i < places.size(); i++) {
        Tensor gradient = mean(i);
        weights.add(values.get(places.get(i)));
        cotangents.add(gradient);
        all.set(places.get(i), gradient);
      }
      List<Integer> others = new ArrayList<>();
      for (int i = 0; i < values.size(); i++) {
        if (!places.contains(i)) {
          others.add(i);
        }
      }
      List<Tensor> targets = others.stream().map(values::get).toList();
      List<Tensor> found = INTERNALS.pullBack(state.tape(), weights, cotangents, targets);
      for (int i = 0; i < found.size(); i++) {
        all.set(others.get(i), found.get(i));
      }
      for (int i = 0; i < statistics.size(); i++) {
        Buffer buffer = statistics.get(i);
        buffer.write(buffer.read().add(mean(places.size() + i)));
      }
      return runner.hooks().apply(new Gradients(pass, loss, all));
    }
  }

  /**
   * How joined steps run, for people.
   *
   * @return such as {@code steps are replayed, 83 operations each}
   */
  public String mode() {
    return policy.mode();
  }
}

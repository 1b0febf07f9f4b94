package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.ParameterMap;
import io.hypertape.autodiff.ShardGroup;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.shards.Shards;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Shards of a {@link ShardSum} that are computed side by side, in one pass, because their losses
 * depend on each other: batch norm takes its means over the whole batch so. Memory is that of the
 * batch, and that of the weights once for each shard.
 *
 * <pre>{@code
 * JointShards joint = JointShards.of(sum, (group, rows) -> losses(model, group, rows));
 * joint.add(List.of(new JointShards.Part(0, 16, List.of(x0, y0)), …));
 * optimizer.update(sum.gradients());
 * }</pre>
 */
public final class JointShards {

  /** Computes the losses of shards side by side. */
  @FunctionalInterface
  public interface JointLoss {

    /**
     * The mean loss of each shard's rows.
     *
     * @param group the shards, whose parameters' values are those within {@link ShardGroup#each}
     * @param inputs of each shard, as a part has them
     * @return scalars, one for each shard
     */
    List<Tensor> of(ShardGroup group, List<List<Tensor>> inputs);
  }

  /**
   * A shard of a batch.
   *
   * @param number the shard's
   * @param count how much it counts, such as the number of its rows; 0 if they only stand in for a
   *     worker that has none
   * @param inputs its rows, in the order in which the loss function expects them
   */
  public record Part(int number, double count, List<Input> inputs) {
    /** Checks the number. */
    public Part {
      inputs = Nulls.copy(inputs, "part: inputs");
      if (!(count >= 0) || Double.isInfinite(count)) {
        throw new IllegalArgumentException(
            "part: shard " + number + " counts " + count + "; a finite number from 0 is needed");
      }
    }
  }

  private final ShardSum sum;
  private final JointLoss loss;
  // By the numbers of the shards that have rows: mostly all.
  private final Map<List<Integer>, Together> steps = new HashMap<>();
  private String mode = "no step has run";

  private JointShards(ShardSum sum, JointLoss loss) {
    this.sum = sum;
    this.loss = loss;
  }

  /**
   * Prepares shards side by side.
   *
   * @param sum what they are added to, with no statistics: what is joined here is everybody's
   * @param loss computes the losses
   * @return what adds all shards of a batch at once
   * @throws IllegalArgumentException if the sum has statistics to join
   */
  public static JointShards of(ShardSum sum, JointLoss loss) {
    Nulls.check(sum, "joint shards: sum");
    Nulls.check(loss, "joint shards: loss");
    if (!sum.statistics().isEmpty()) {
      throw new IllegalArgumentException(
          "joint shards: the sum joins statistics of "
              + sum.statistics().size()
              + " buffers; joint shards have joined ones, so none is needed");
    }
    return new JointShards(sum, loss);
  }

  /**
   * Adds all shards of a batch that this worker has, recorded and replayed where the backend can do
   * that and no other worker is waited for on the way.
   *
   * @param parts the shards, in the order of their numbers; at least one
   * @return the weighted sum of their losses, usable until the next shards
   * @throws IllegalArgumentException if a shard is not this worker's, or they are not in order
   * @throws IllegalStateException if shards of this batch have been added already
   */
  public Tensor add(List<Part> parts) {
    List<Part> all = Nulls.copy(parts, "add: parts");
    if (all.isEmpty()) {
      throw new IllegalArgumentException("add: no parts; at least one is needed");
    }
    List<Integer> numbers = all.stream().map(Part::number).toList();
    for (int number : numbers) {
      if (!sum.shards().isOwn(number)) {
        throw new IllegalArgumentException("add: shard " + number + " is not this worker's");
      }
    }
    List<Input> inputs = new ArrayList<>();
    for (Part part : all) {
      inputs.add(Input.scalar(part.count()));
      inputs.addAll(part.inputs());
    }
    Together step = steps.computeIfAbsent(numbers, Together::new);
    Tensor total = sum.addTogether(step.prepared, step::pass, inputs.toArray(Input[]::new));
    mode = step.prepared.mode();
    return total;
  }

  /**
   * How steps run, for people.
   *
   * @return such as {@code steps are replayed, 83 operations each}
   */
  public String mode() {
    return mode;
  }

  /** A step of some shards. */
  private final class Together {
    private final List<Integer> numbers;
    private final TrainingStep prepared;
    // Of the pass that has run or been recorded last.
    private List<Tensor> counts = List.of();
    private List<Tensor> losses = List.of();
    private List<ParameterMap> values = List.of();
    private List<ShardGroup> group = List.of();

    Together(List<Integer> numbers) {
      this.numbers = numbers;
      this.prepared = sum.optimizer().prepare(this::loss);
    }

    private Tensor loss(List<Tensor> inputs) {
      int each = inputs.size() / numbers.size();
      counts = new ArrayList<>();
      values = new ArrayList<>();
      List<List<Tensor>> rows = new ArrayList<>();
      List<ShardGroup.Member> members = new ArrayList<>();
      Shards shards = sum.shards();
      for (int k = 0; k < numbers.size(); k++) {
        List<Tensor> own = inputs.subList(k * each, (k + 1) * each);
        Tensor count = own.getFirst();
        Tensor presence = shards.exchange().workers() == 1 ? count : count.greaterThan(0);
        counts.add(count);
        values.add(leaves());
        rows.add(own.subList(1, each));
        members.add(new ShardGroup.Member(numbers.get(k), values.get(k), presence));
      }
      ShardGroup joint = new ShardGroup(shards.exchange(), shards.count(), members);
      losses = Nulls.checkAll(loss.of(joint, rows), "joint shards: loss.of(group, inputs)");
      if (losses.size() != counts.size()) {
        throw new IllegalArgumentException(
            "joint shards: "
                + losses.size()
                + " losses of "
                + counts.size()
                + " shards; one for each is needed");
      }
      group = List.of(joint);
      return joint.ownSum(weighted());
    }

    /** The weights' values anew, so that a shard's gradients are told from others'. */
    private ParameterMap leaves() {
      TowerState state = sum.runner().state();
      Tape tape = state.tape();
      List<Parameter> weights = List.copyOf(sum.runner().levels().weights(state.frozen()).keySet());
      return ParameterMap.of(weights, weight -> tape.watch(weight.value()));
    }

    private List<Tensor> weighted() {
      List<Tensor> weighted = new ArrayList<>();
      for (int k = 0; k < losses.size(); k++) {
        weighted.add(losses.get(k).reshape().mul(counts.get(k).reshape()));
      }
      return weighted;
    }

    PassWork pass(Supplier<Tensor> total) {
      return new PassWork() {
        @Override
        public Tensor loss() {
          return total.get();
        }

        @Override
        public Optional<Object> target() {
          return Optional.of(Together.this);
        }

        @Override
        public Gradients gradients(Pass pass, Tensor value) {
          store(pass.before().tape(), value);
          return new Gradients(pass, value, List.of());
        }
      };
    }

    private void store(Tape tape, Tensor value) {
      List<Tensor> leaves = new ArrayList<>();
      values.forEach(map -> leaves.addAll(map.tensors()));
      List<Tensor> found = tape.gradient(value, leaves);
      List<Parameter> into = sum.leaf();
      int weights = into.size() - 2;
      for (int i = 0; i < weights; i++) {
        List<Tensor> own = new ArrayList<>();
        for (int k = 0; k < numbers.size(); k++) {
          own.add(found.get(k * weights + i));
        }
        place(into.get(i), own);
      }
      place(into.get(weights), List.of(value.detach()));
      place(into.getLast(), counts.stream().map(Tensor::reshape).toList());
    }

    private void place(Parameter into, List<Tensor> own) {
      Tensor joined = own.size() == 1 ? own.getFirst() : group.getFirst().ownSum(own);
      // 0 is added so that −0 becomes 0 whoever has a shard without rows.
      INTERNALS.place(into, joined.add(0));
      INTERNALS.commit(into);
    }
  }
}

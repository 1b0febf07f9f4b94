package io.hypertape.autodiff;

import io.hypertape.checks.Nulls;
import io.hypertape.checks.Places;
import io.hypertape.shards.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A batch's shards side by side, as far as a worker has rows of them, so that a layer may join what
 * it computes of each: batch norm takes its means over the whole batch so. Every shard has the
 * parameters' values as leaves of its own, so that each has a gradient of its own.
 *
 * <pre>{@code
 * List<Tensor> sums = group.each(inputs, x -> x.sumTo(1, channels)); // a shard's
 * List<Tensor> all = group.sums(sums); // everybody's, once for each shard
 * }</pre>
 */
public final class ShardGroup {

  private final Exchange exchange;
  private final int shards;
  private final List<Member> members;
  // Rows of all shards together, once for each; none before they are asked for.
  private List<Tensor> rows = List.of();

  /**
   * A shard that a worker has rows of.
   *
   * @param number its number, from 0
   * @param values what stands for the parameters in it
   * @param presence a scalar, 1; or 0 if its rows only stand in for a worker that has none
   */
  public record Member(int number, ParameterMap values, Tensor presence) {
    /** Checks that nothing is null. */
    public Member {
      Nulls.check(values, "shard: values");
      Nulls.check(presence, "shard: presence");
    }
  }

  /**
   * A group of shards.
   *
   * @param exchange joins what several workers have, each with a group of its own
   * @param shards how many shards a batch has, of all workers, a power of two
   * @param members those that this worker has rows of, in the order of their numbers; at least one
   */
  public ShardGroup(Exchange exchange, int shards, List<Member> members) {
    this.exchange = Nulls.check(exchange, "shard group: exchange");
    this.shards = shards;
    this.members = Nulls.copy(members, "shard group: members");
    if (members.isEmpty()) {
      throw new IllegalArgumentException("shard group: no shard; at least one is needed");
    }
    for (int k = 0; k < members.size(); k++) {
      int number = members.get(k).number();
      if (number >= shards || number <= (k == 0 ? -1 : members.get(k - 1).number())) {
        throw new IllegalArgumentException(
            "shard group: shard "
                + number
                + " of "
                + shards
                + " at place "
                + k
                + "; numbers from 0 are needed, in ascending order");
      }
    }
  }

  /**
   * The shards that are here.
   *
   * @return their numbers, in ascending order
   */
  public List<Integer> numbers() {
    return members.stream().map(Member::number).toList();
  }

  /**
   * How many shards a batch has, of all workers.
   *
   * @return a power of two
   */
  public int shards() {
    return shards;
  }

  /**
   * Whether this worker has all shards: then what is here is the whole batch.
   *
   * @return false if others have some
   */
  public boolean isWhole() {
    return exchange.workers() == 1;
  }

  /**
   * Computes something for one shard, with its parameters' values.
   *
   * @param place of the shard among those that are here
   * @param work what is computed
   * @param <T> what comes of it
   * @return what came of it
   */
  public <T> T of(int place, Supplier<T> work) {
    Nulls.check(work, "shard group: work");
    Places.check("shard group: place", place, members.size());
    return members.get(place).values().during(work);
  }

  /**
   * Computes something for each shard by itself, with its parameters' values.
   *
   * @param inputs one for each shard that is here
   * @param work from a shard's input to its output
   * @return one output for each
   */
  public List<Tensor> each(List<Tensor> inputs, UnaryOperator<Tensor> work) {
    Nulls.check(work, "each: work");
    check("each", inputs);
    List<Tensor> outputs = new ArrayList<>(inputs.size());
    for (int k = 0; k < inputs.size(); k++) {
      Tensor input = inputs.get(k);
      outputs.add(of(k, () -> work.apply(input)));
    }
    return outputs;
  }

  private void check(String what, List<Tensor> inputs) {
    Nulls.checkAll(inputs, what + ": inputs");
    if (inputs.size() != members.size()) {
      throw new IllegalArgumentException(
          what
              + ": "
              + inputs.size()
              + " tensors for "
              + members.size()
              + " shards; one for each is needed");
    }
  }

  /**
   * Sums over all shards, other workers' too, in the order of a binary tree over their numbers.
   * Differentiable: the cotangents of what comes out are summed alike.
   *
   * @param inputs one for each shard that is here, of one shape
   * @return the sum, once for each
   */
  public List<Tensor> sums(List<Tensor> inputs) {
    check("sums", inputs);
    List<Tensor> counted = new ArrayList<>(inputs);
    for (int k = 0; k < counted.size() && !isWhole(); k++) {
      counted.set(k, inputs.get(k).mul(members.get(k).presence()));
    }
    return counted.getFirst().session().apply(new ShardJoinOp(exchange, numbers()), counted);
  }

  /**
   * A sum over the shards that are here, in the order of the same tree.
   *
   * @param inputs one for each shard that is here, of one shape
   * @return the sum, which is what this worker has
   */
  public Tensor ownSum(List<Tensor> inputs) {
    check("ownSum", inputs);
    return ShardTrees.sum(numbers(), inputs);
  }

  /**
   * Rows of all shards together, other workers' too.
   *
   * @param inputs one for each shard that is here, rows first
   * @return a scalar, once for each
   */
  public List<Tensor> rows(List<Tensor> inputs) {
    check("rows", inputs);
    if (rows.isEmpty()) {
      rows = sums(inputs.stream().map(x -> x.session().constant(x.shape()[0])).toList());
    }
    return rows;
  }
}

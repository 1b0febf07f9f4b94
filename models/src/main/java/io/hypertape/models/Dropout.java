package io.hypertape.models;

import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.ShardGroup;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.List;

/**
 * Dropout (Srivastava et al. 2014), inverted: in training each element is 0 with probability p,
 * else x/(1 − p); in use it stays.
 *
 * @param p probability to drop an element, from 0 to less than 1
 * @param counter chooses the next mask
 */
public record Dropout(double p, DropoutCounter counter) implements Layer {

  /** Checks the probability. */
  public Dropout {
    Nulls.check(counter, "dropout: counter");
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException("dropout: p is " + p + "; 0 ≤ p < 1 is needed");
    }
  }

  /**
   * With masks of its own.
   *
   * @param factory whose session and seed it takes
   * @param p probability to drop an element, from 0 to less than 1
   * @return the layer
   */
  public static Dropout create(ParameterFactory factory, double p) {
    Nulls.check(factory, "dropout: factory");
    return new Dropout(p, factory.dropoutCounter());
  }

  /**
   * Drops, or does nothing.
   *
   * @param input any shape
   * @param mode whether to drop
   * @return the input's shape
   */
  @Override
  public Tensor forward(Tensor input, Mode mode) {
    Nulls.check(input, "dropout: input");
    Nulls.check(mode, "dropout: mode");
    return mode == Mode.TRAIN && p > 0 ? NeuralOps.dropout(input, p, counter) : input;
  }

  /**
   * Masks are drawn for all shards of a batch in turn, so that each has the same wherever it is.
   */
  @Override
  public List<Tensor> forward(List<Tensor> shards, ShardGroup group, Mode mode) {
    Nulls.checkAll(shards, "dropout: shards");
    Nulls.check(group, "dropout: group");
    Nulls.check(mode, "dropout: mode");
    if (mode != Mode.TRAIN || p == 0) {
      return shards;
    }
    List<Integer> here = group.numbers();
    Tensor first = group.each(shards, input -> input).getFirst();
    Tensor one = first.detach().reshape(first.size()).slice(0, 0, 1);
    List<Tensor> dropped = new ArrayList<>(shards.size());
    for (int number = 0; number < group.shards(); number++) {
      int place = here.indexOf(number);
      if (place >= 0) {
        dropped.add(NeuralOps.dropout(shards.get(place), p, counter));
      } else {
        // Its number is used up.
        NeuralOps.dropout(one, p, counter);
      }
    }
    return dropped;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public List<DropoutCounter> dropoutCounters() {
    return List.of(counter);
  }
}

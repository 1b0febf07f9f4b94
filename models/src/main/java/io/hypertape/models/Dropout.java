package io.hypertape.models;

import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
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

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public List<DropoutCounter> dropoutCounters() {
    return List.of(counter);
  }
}

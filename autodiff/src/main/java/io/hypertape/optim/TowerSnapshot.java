package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.Collections;
import java.util.Map;

/**
 * A tower at work between two steps: everything that decides its further steps but the losses.
 *
 * <p>It is what the last update was computed from, not what it led to: values, gradients and states
 * of every level before it. {@link TowerOptimizer#restore} computes the update anew, in the same
 * bits, so that it is on the tape again, where the next step's hypergradients begin. Where no
 * update counts (before the first step) there are no gradients.
 *
 * <p>Names tell the level, the parameter and what it is: {@code L1/layer1.weight/value}, {@code
 * L1/layer1.weight/gradient}, {@code L1/layer1.weight/state.m}, {@code L1/state.d} what all
 * parameters share, {@code L2/alpha/value}; {@code L1/updates} is the number of updates before the
 * last; {@code L1/hyperparameter.alpha} is there if the update was {@linkplain TowerOptimizer#redo
 * done again} with another value, {@code schedule/cool-down} if one {@linkplain
 * TowerOptimizer#coolDown has begun}.
 *
 * @param tower text of the tower
 * @param steps number of steps taken
 * @param tensors by name, in a fixed order
 */
public record TowerSnapshot(String tower, long steps, Map<String, Tensor> tensors) {

  /** Keeps a copy of the map. */
  public TowerSnapshot {
    Nulls.check(tower, "tower snapshot: tower");
    if (steps < 0) {
      throw new IllegalArgumentException("state of a tower: " + steps + " steps");
    }
    tensors = Collections.unmodifiableMap(Nulls.copy(tensors, "tower snapshot: tensors"));
  }
}

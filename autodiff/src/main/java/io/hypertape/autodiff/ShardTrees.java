package io.hypertape.autodiff;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sums over shards in the order of a perfect binary tree over their numbers. */
final class ShardTrees {

  private ShardTrees() {}

  /**
   * A sum; shards that are not there count as zeros.
   *
   * @param numbers of the shards, ascending
   * @param values one for each, of one shape
   */
  static Tensor sum(List<Integer> numbers, List<Tensor> values) {
    int all = Integer.highestOneBit(Math.max(1, numbers.getLast())) * 2;
    return sum(numbers, values, 0, all);
  }

  /** Of shards from one number to before another; null if there are none. */
  private static @Nullable Tensor sum(
      List<Integer> numbers, List<Tensor> values, int from, int to) {
    if (to - from == 1) {
      int place = numbers.indexOf(from);
      return place < 0 ? null : values.get(place);
    }
    Tensor left = sum(numbers, values, from, (from + to) / 2);
    Tensor right = sum(numbers, values, (from + to) / 2, to);
    return left == null ? right : right == null ? left : left.add(right);
  }
}

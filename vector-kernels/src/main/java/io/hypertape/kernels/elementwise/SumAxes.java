package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.Strided;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The axes of a sum, from the longest stride to the shortest, neighbours that lie end to end
 * joined: which to sum along next, and what is left then.
 */
final class SumAxes {

  /** An axis; it is summed along where the result has no step. */
  private record Axis(int length, int step, int outStep) {

    /** What repeats numbers comes before all others. */
    int extent() {
      return step == 0 ? Integer.MAX_VALUE : Math.abs(step);
    }

    boolean isJoinedWith(Axis inner) {
      return step == inner.step * inner.length
          && outStep == inner.outStep * inner.length
          && (long) length * inner.length <= Integer.MAX_VALUE;
    }
  }

  private static final Comparator<Axis> LONGEST_STRIDE_FIRST =
      Comparator.comparingInt(Axis::extent).reversed();

  /** By how much x's first element moves, as axes that are summed along backwards are turned. */
  final int moved;

  /** How often each number counts: equal numbers are multiplied in the end. */
  final long times;

  private final List<Axis> axes = new ArrayList<>();

  /** Takes in the axes; sums go along those where out's stride is 0. */
  SumAxes(Strided x, Strided out) {
    int turned = 0;
    long equal = 1;
    for (int axis = 0; axis < x.shape().length; axis++) {
      int length = x.shape()[axis];
      int step = x.strides()[axis];
      int outStep = out.strides()[axis];
      if (outStep == 0 && step == 0) {
        equal *= length;
      } else if (length != 1) {
        boolean backwards = outStep == 0 && step < 0;
        turned += backwards ? (length - 1) * step : 0;
        axes.add(new Axis(length, backwards ? -step : step, outStep));
      }
    }
    moved = turned;
    times = equal;
    axes.sort(LONGEST_STRIDE_FIRST);
    join();
  }

  private void join() {
    for (int i = axes.size() - 1; i > 0; i--) {
      Axis outer = axes.get(i - 1);
      Axis inner = axes.get(i);
      if (outer.isJoinedWith(inner)) {
        axes.set(i - 1, new Axis(outer.length * inner.length, inner.step, inner.outStep));
        axes.remove(i);
      }
    }
  }

  /** The longest axis that is summed along; −1 if none is left. */
  private int longest() {
    int longest = -1;
    for (int i = 0; i < axes.size(); i++) {
      if (axes.get(i).outStep == 0
          && (longest < 0 || axes.get(i).length > axes.get(longest).length)) {
        longest = i;
      }
    }
    return longest;
  }

  /** How many axes are still to be summed along. */
  int left() {
    int left = 0;
    for (int i = 0; i < axes.size(); i++) {
      left += axes.get(i).outStep == 0 ? 1 : 0;
    }
    return left;
  }

  /** How many numbers there are. */
  int size() {
    int size = 1;
    for (int i = 0; i < axes.size(); i++) {
      size *= axes.get(i).length;
    }
    return size;
  }

  /**
   * The next pass, along the longest axis that is left: the last one, which is along none if there
   * was none, into the result, others dense into scratch; goes on with the sums in place of x.
   */
  SumPass next(int xOff, int outOff) {
    boolean isLast = left() <= 1;
    int along = longest();
    int[] toSteps = new int[axes.size()];
    int step = 1;
    for (int i = toSteps.length - 1; i >= 0; i--) {
      Axis axis = axes.get(i);
      toSteps[i] = isLast ? axis.outStep : i == along ? 0 : step;
      step *= i == along ? 1 : axis.length;
    }
    SumPass pass = pass(along, xOff, isLast ? outOff : 0, toSteps);
    for (int i = 0; i < toSteps.length; i++) {
      axes.set(i, new Axis(axes.get(i).length, toSteps[i], axes.get(i).outStep));
    }
    if (along >= 0) {
      axes.remove(along);
    }
    join();
    return pass;
  }

  private SumPass pass(int along, int xOff, int toOff, int[] toSteps) {
    int last = axes.size() - 1;
    Axis summed = along < 0 ? new Axis(1, 0, 0) : axes.get(along);
    boolean sideBySide = along >= 0 && along < last && summed.step != 1;
    int row = along == last ? last - 1 : last;
    RowWalk rows = new RowWalk(axes.size() + 1, xOff, xOff, toOff);
    for (int i = 0; i < row; i++) {
      if (i != along) {
        rows.axis(axes.get(i).length, axes.get(i).step, axes.get(i).step, toSteps[i]);
      }
    }
    if (row < 0) {
      rows.row(1, 0, 0, 0);
    } else {
      rows.row(axes.get(row).length, axes.get(row).step, axes.get(row).step, toSteps[row]);
    }
    return new SumPass(summed.length, summed.step, sideBySide, rows);
  }
}

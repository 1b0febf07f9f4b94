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
  int longest() {
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

  /** The last pass, along an axis or, if it is −1, along none, into the result. */
  SumPass into(int along, int xOff, int outOff) {
    return pass(along, xOff, outOff, outSteps());
  }

  private int[] outSteps() {
    int[] steps = new int[axes.size()];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = axes.get(i).outStep;
    }
    return steps;
  }

  /** A pass along an axis, the sums dense in scratch; goes on with them in place of x. */
  SumPass remove(int along, int xOff) {
    int[] dense = new int[axes.size()];
    int step = 1;
    for (int i = dense.length - 1; i >= 0; i--) {
      dense[i] = i == along ? 0 : step;
      step *= i == along ? 1 : axes.get(i).length;
    }
    SumPass pass = pass(along, xOff, 0, dense);
    for (int i = 0; i < dense.length; i++) {
      axes.set(i, new Axis(axes.get(i).length, dense[i], axes.get(i).outStep));
    }
    axes.remove(along);
    join();
    return pass;
  }

  private SumPass pass(int along, int xOff, int toOff, int[] toSteps) {
    int last = axes.size() - 1;
    Axis summed = along < 0 ? new Axis(1, 0, 0) : axes.get(along);
    boolean inRows = along < 0 || summed.step == 1 || along == last;
    RowWalk others = new RowWalk(axes.size(), xOff, xOff, toOff);
    for (int i = 0; i < axes.size(); i++) {
      if (i != along && (inRows || i != last)) {
        others.axis(axes.get(i).length, axes.get(i).step, axes.get(i).step, toSteps[i]);
      }
    }
    others.begin();
    return inRows
        ? new SumPass(summed.length, summed.step, 0, 0, 0, others)
        : new SumPass(
            summed.length,
            summed.step,
            axes.get(last).length,
            axes.get(last).step,
            toSteps[last],
            others);
  }
}

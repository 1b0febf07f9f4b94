package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.Strided;

/**
 * The axes of a sum, from the longest stride to the shortest, neighbours that lie end to end
 * joined: which to sum along next, and what is left then.
 */
final class SumAxes {

  /** By how much x's first element moves, as axes that are summed along backwards are turned. */
  final int moved;

  /** How often each number counts: equal numbers are multiplied in the end. */
  final long times;

  private int rank;
  private final int[] lengths;
  private final int[] steps;
  private final int[] outSteps;

  /** Takes in the axes; sums go along those where out's stride is 0. */
  SumAxes(Strided x, Strided out) {
    int[] shape = x.shape();
    lengths = new int[shape.length];
    steps = new int[shape.length];
    outSteps = new int[shape.length];
    int turned = 0;
    long equal = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      int step = x.strides()[axis];
      boolean isSummed = out.strides()[axis] == 0;
      if (isSummed && step == 0) {
        equal *= shape[axis];
      } else if (isSummed && step < 0) {
        turned += (shape[axis] - 1) * step;
        insert(shape[axis], -step, 0);
      } else {
        insert(shape[axis], step, out.strides()[axis]);
      }
    }
    moved = turned;
    times = equal;
    join();
  }

  /** Longest strides first; what repeats numbers comes before all others. */
  private void insert(int length, int step, int outStep) {
    if (length == 1) {
      return;
    }
    int place = rank++;
    while (place > 0 && extent(steps[place - 1]) < extent(step)) {
      lengths[place] = lengths[place - 1];
      steps[place] = steps[place - 1];
      outSteps[place] = outSteps[place - 1];
      place--;
    }
    lengths[place] = length;
    steps[place] = step;
    outSteps[place] = outStep;
  }

  private static int extent(int step) {
    return step == 0 ? Integer.MAX_VALUE : Math.abs(step);
  }

  private void join() {
    int joined = 0;
    for (int axis = 1; axis < rank; axis++) {
      boolean endToEnd =
          steps[joined] == steps[axis] * lengths[axis]
              && outSteps[joined] == outSteps[axis] * lengths[axis]
              && (long) lengths[joined] * lengths[axis] <= Integer.MAX_VALUE;
      joined += endToEnd ? 0 : 1;
      lengths[joined] = endToEnd ? lengths[joined] * lengths[axis] : lengths[axis];
      steps[joined] = steps[axis];
      outSteps[joined] = outSteps[axis];
    }
    rank = Math.min(rank, joined + 1);
  }

  /** The longest axis that is summed along; −1 if none is left. */
  int longest() {
    int longest = -1;
    for (int axis = 0; axis < rank; axis++) {
      if (outSteps[axis] == 0 && (longest < 0 || lengths[axis] > lengths[longest])) {
        longest = axis;
      }
    }
    return longest;
  }

  /** How many axes are still to be summed along. */
  int left() {
    int count = 0;
    for (int axis = 0; axis < rank; axis++) {
      count += outSteps[axis] == 0 ? 1 : 0;
    }
    return count;
  }

  /** How many numbers are left without an axis. */
  int sizeWithout(int axis) {
    int size = 1;
    for (int i = 0; i < rank; i++) {
      size *= i == axis ? 1 : lengths[i];
    }
    return size;
  }

  /** The last pass, along an axis or, if it is −1, along none, into the result. */
  SumPass into(int axis, int xOff, int outOff) {
    return pass(axis, xOff, outOff, outSteps);
  }

  /** A pass along an axis, the sums dense in scratch; goes on with them in place of x. */
  SumPass remove(int axis, int xOff) {
    int[] dense = new int[rank];
    int step = 1;
    for (int i = rank - 1; i >= 0; i--) {
      dense[i] = i == axis ? 0 : step;
      step *= i == axis ? 1 : lengths[i];
    }
    SumPass pass = pass(axis, xOff, 0, dense);
    System.arraycopy(dense, 0, steps, 0, rank);
    rank--;
    for (int i = axis; i < rank; i++) {
      lengths[i] = lengths[i + 1];
      steps[i] = steps[i + 1];
      outSteps[i] = outSteps[i + 1];
    }
    join();
    return pass;
  }

  private SumPass pass(int axis, int xOff, int toOff, int[] toSteps) {
    int inner = rank - 1;
    boolean inRows = axis < 0 || steps[axis] == 1 || axis == inner;
    Walk others = new Walk(rank, xOff, xOff, toOff);
    for (int i = 0; i < rank; i++) {
      if (i != axis && (inRows || i != inner)) {
        others.axis(lengths[i], steps[i], steps[i], toSteps[i]);
      }
    }
    others.begin();
    int n = axis < 0 ? 1 : lengths[axis];
    int step = axis < 0 ? 0 : steps[axis];
    return inRows
        ? new SumPass(n, step, 0, 0, 0, others)
        : new SumPass(n, step, lengths[inner], steps[inner], toSteps[inner], others);
  }
}

package io.hypertape.autodiff.cpu.start;

import io.hypertape.autodiff.cpu.start.TrialOperands.Axes;
import io.hypertape.autodiff.cpu.start.TrialOperands.Parts;
import io.hypertape.autodiff.cpu.start.TrialOperands.Rows;
import io.hypertape.autodiff.cpu.start.TrialOperands.Run;
import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.lanes.Floats;
import java.util.Arrays;
import java.util.List;

/** Operands of fewer elements than those of an operation, on which it is compiled alike. */
final class SmallerTrial {

  /** Elements of the widest vector; what fills a whole number of them leaves no rest for others. */
  private static final int LANES = 16;

  /** Elements of an operand that are enough. */
  private static final int ENOUGH = 1 << 13;

  private final TrialOperands trial;
  private final List<Object> all;

  SmallerTrial(TrialOperands trial) {
    this.trial = trial;
    this.all = trial.all();
  }

  /**
   * The same with fewer elements, or this where there are few: what repeats is left out where it
   * repeats often, so that the innermost loops are called often in a short time, and their rests
   * stay.
   */
  TrialOperands fewer(KernelOp op) {
    return switch (op) {
      case GEMM -> product(0);
      case DENSE -> product(1);
      case CONVOLUTION, CONVOLUTION_DATA -> images(2);
      case CONVOLUTION_FILTER -> images(3);
      case LOG_SOFTMAX, LOG_SOFTMAX_GRAD, DENSE_GRAD -> rows();
      case UNARY, BINARY, REDUCE -> strided(1);
      case COPY -> strided(0);
      case UPDATE -> vectors();
      default -> trial;
    };
  }

  /**
   * A few such operands that fill no whole number of vectors, or this where these do not either or
   * nothing is known of rests. C2 leaves out what has never been done: kernels that were compiled
   * without rests are compiled anew when the first one comes, and have no speed until then.
   */
  TrialOperands rests(KernelOp op) {
    return switch (op) {
      case GEMM -> productWithRest(0);
      case DENSE -> productWithRest(1);
      case UNARY, BINARY, REDUCE -> stridedWithRest(1);
      case COPY -> stridedWithRest(0);
      case UPDATE -> vectorsWithRest();
      default -> trial;
    };
  }

  /** No more than so many, which is one of the widest vector at least, and no whole vectors. */
  private static int withRest(int n) {
    return Math.min(n, 4 * LANES) - 5;
  }

  /** So many, or enough with the same rest. */
  private static int fewer(int n, int enough, int period) {
    return n <= enough + period ? n : enough + n % period;
  }

  private TrialOperands with(Object... shapes) {
    List<Object> parts = List.of(shapes);
    return parts.equals(all) ? trial : new TrialOperands(parts);
  }

  /** Of a·b, from an argument on; behind them are numbers, a bias and c. */
  private TrialOperands product(int first) {
    Rows a = (Rows) all.get(first);
    Rows b = (Rows) all.get(first + 1);
    // Rows of a that lie where they are make blocks of 14, those that are packed of 12; one such
    // block and one of what remains are called as often.
    int block = a.colStride() == 1 ? 14 : 12;
    return product(
        first, fewer(a.rows(), block, block), fewer(a.cols(), 16, 16), fewer(b.cols(), 32, 32));
  }

  private TrialOperands productWithRest(int first) {
    Rows a = (Rows) all.get(first);
    Rows b = (Rows) all.get(first + 1);
    return b.cols() == 0 || b.cols() % LANES > 0
        ? trial
        : product(first, Math.min(a.rows(), 5), Math.min(a.cols(), LANES), withRest(b.cols()));
  }

  /** An m x k matrix times a k x n one. */
  private TrialOperands product(int first, int m, int k, int n) {
    Rows a = (Rows) all.get(first);
    Rows b = (Rows) all.get(first + 1);
    Object[] parts = all.toArray();
    parts[first] = a.part(m, k);
    parts[first + 1] = b.part(k, n);
    for (int i = first + 2; i < parts.length; i++) {
      if (parts[i] instanceof Rows c) {
        parts[i] = c.part(m, n);
      } else if (parts[i] instanceof Run) {
        parts[i] = new Run(Floats.class, n);
      }
    }
    return with(parts);
  }

  /** Two images; weights, an argument, stay. */
  private TrialOperands images(int weights) {
    ConvolutionShape s = (ConvolutionShape) all.getFirst();
    if (s.batch() <= 2) {
      return trial;
    }
    Object[] parts = all.toArray();
    parts[0] =
        new ConvolutionShape(
            2,
            s.channels(),
            s.height(),
            s.width(),
            s.filters(),
            s.filterHeight(),
            s.filterWidth(),
            s.strideHeight(),
            s.strideWidth(),
            s.padHeight(),
            s.padWidth(),
            s.dilationHeight(),
            s.dilationWidth(),
            s.groups());
    for (int i = 1; i < parts.length; i++) {
      if (i != weights) {
        parts[i] = new Run(Floats.class, ((Run) parts[i]).length() / s.batch() * 2);
      }
    }
    return with(parts);
  }

  private TrialOperands rows() {
    Object[] parts = all.toArray();
    for (int i = 0; i < parts.length; i++) {
      if (parts[i] instanceof Rows x) {
        int rows = fewer(x.rows(), Math.max(64, ENOUGH / Math.max(1, x.cols())), 64);
        parts[i] = x.part(rows, x.cols());
      }
    }
    return with(parts);
  }

  /** As the operand at a place is cut; along an axis that is summed, an output has one element. */
  private TrialOperands strided(int place) {
    List<Integer> lengths = ((Axes) all.get(place)).lengths();
    long others = 1;
    for (int length : lengths) {
      others *= length;
    }
    if (others <= 2 * ENOUGH) {
      return trial;
    }
    int[] cut = TrialOperands.ints(lengths);
    for (int axis = 0; axis < cut.length; axis++) {
      others /= cut[axis];
      int enough = (int) Math.clamp(ENOUGH / Math.max(1, others), 1, ENOUGH);
      cut[axis] = fewer(cut[axis], enough, 64);
      others *= cut[axis];
    }
    return strided(lengths, cut);
  }

  private TrialOperands stridedWithRest(int place) {
    List<Integer> lengths = ((Axes) all.get(place)).lengths();
    int[] cut = TrialOperands.ints(lengths);
    int longest = 0;
    boolean whole = false;
    for (int axis = 0; axis < cut.length; axis++) {
      longest = cut[axis] > cut[longest] ? axis : longest;
      whole |= cut[axis] > 0 && cut[axis] % LANES == 0;
    }
    if (!whole || cut[longest] < LANES) {
      return trial;
    }
    for (int axis = 0; axis < cut.length; axis++) {
      cut[axis] = axis == longest ? withRest(cut[axis]) : Math.min(cut[axis], 4);
    }
    return strided(lengths, cut);
  }

  /** With other lengths of axes, in all operands that have the former ones. */
  private TrialOperands strided(List<Integer> lengths, int[] cut) {
    Object[] parts = all.toArray();
    for (int i = 0; i < parts.length; i++) {
      if (parts[i] instanceof Axes x) {
        int[] own = TrialOperands.ints(x.lengths());
        for (int axis = 0; axis < own.length; axis++) {
          own[axis] = own[axis] == lengths.get(axis) ? cut[axis] : own[axis];
        }
        parts[i] = new Axes(TrialOperands.list(own), x.strides());
      }
    }
    return with(parts);
  }

  private TrialOperands vectors() {
    return vectors(fewer(length(), ENOUGH, 64));
  }

  private TrialOperands vectorsWithRest() {
    return length() < LANES || length() % LANES > 0 ? trial : vectors(withRest(length()));
  }

  /** Of the vectors of an update. */
  private int length() {
    return ((Run) ((Parts) all.get(3)).parts().getFirst()).length();
  }

  private TrialOperands vectors(int n) {
    Object[] parts = all.toArray();
    Object[] vectors = ((Parts) parts[3]).parts().toArray();
    Arrays.fill(vectors, new Run(Floats.class, n));
    parts[3] = new Parts(Floats[].class, List.of(vectors));
    return with(parts);
  }
}

package io.hypertape.kernels.updates;

import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.VirtualVector;
import io.hypertape.kernels.lanes.Workers;
import java.util.Arrays;

/**
 * Updates of any length: whole vectors of 16 lanes where they lie, shared among the threads, and
 * what is left through arrays of such a vector's length. That is cheaper than masks, which C2
 * leaves on the heap where a method has many. Terms of sums are added lane by lane within a block
 * of 4096 elements, and the blocks' lanes in double precision, in their order, whichever thread has
 * done them.
 */
abstract class BlockedUpdates implements Updates {

  private static final int L = VirtualVector.LANES;

  /** So many numbers to a lane are added in single precision. */
  private static final int BLOCK = 256 * L;

  /** Where there are no sums, threads part at whole lines of the cache. */
  private static final int LINE = 64;

  private static final int MOST_VECTORS = 10;

  /** Updates of whole vectors: on vectors, or in plain loops. */
  interface Loops {

    /**
     * Updates from one element to another. Each sum goes on from a vector of lanes, one sum's
     * behind the other's, from a place on.
     */
    void run(
        UpdateOp update,
        float[] factors,
        int from,
        int to,
        float[][] vectors,
        int[] offsets,
        float[] lanes,
        int at);
  }

  /** ⟨c, g⟩, of which the derivative of gradient descent consists. */
  interface Dot {
    float of(int n, float[] c, int cOff, float[] g, int gOff);
  }

  private final Workers workers;
  private final Loops loops;
  private final Dot dot;
  private final UpdateFactors factors = new UpdateFactors();
  // A vector of each operand's last elements, as one array of them and as operands.
  private final float[] rest = new float[MOST_VECTORS * L];
  private final float[][] rests = new float[MOST_VECTORS][];
  private final int[] places = new int[MOST_VECTORS];
  // Vectors of each block's sums.
  private float[] lanes = new float[0];

  BlockedUpdates(Workers workers, Loops loops, Dot dot) {
    this.workers = workers;
    this.loops = loops;
    this.dot = dot;
    Arrays.fill(rests, rest);
    Arrays.setAll(places, i -> i * L);
  }

  @Override
  public final Call of(UpdateOp update, double[] scalars, float[] sums, Floats... vectors) {
    UpdateOperands operands = UpdateOperands.of(update, scalars, sums, vectors);
    Pass pass = new Pass(operands);
    if (lanes.length < pass.blocks * update.sums() * L) {
      lanes = new float[pass.blocks * update.sums() * L];
    }
    if (operands.n() == 1) {
      return pass::single;
    }
    return update == UpdateOp.SGD_HYPER ? () -> dot(operands) : pass;
  }

  private void dot(UpdateOperands o) {
    int[] offsets = o.offsets();
    o.sums()[0] = -dot.of(o.n(), o.vectors()[0], offsets[0], o.vectors()[1], offsets[1]);
  }

  /** An update with its operands. */
  private final class Pass implements Call, Workers.Task {

    private final UpdateOperands o;
    private final UpdateOp update;
    private final boolean byLane;
    private final int inputs;
    private final int count;
    private final int whole;
    private final int left;
    private final int blocks;
    private float[] f = {};

    Pass(UpdateOperands operands) {
      o = operands;
      update = o.update();
      byLane = addsByLane(update);
      inputs = update.inputs().size();
      count = update.sums();
      whole = o.n() / L * L;
      left = o.n() - whole;
      int full = Math.ceilDiv(whole, BLOCK);
      blocks = byLane ? Math.max(1, full) : left > 0 ? full + 1 : full;
    }

    @Override
    public void run() {
      f = factors.of(update, o.scalars());
      Arrays.fill(lanes, 0, blocks * count * L, 0);
      if (workers.shares(whole)) {
        workers.run(this);
      } else if (whole > 0) {
        between(0, whole);
      }
      if (left > 0) {
        rest();
      }
      for (int k = 0; k < count; k++) {
        end(k, byLane ? totalByLane(k) : totalByBlock(k));
      }
    }

    /** An update of one element, as most levels above the weights have it. */
    void single() {
      f = factors.of(update, o.scalars());
      Arrays.fill(lanes, 0, count * L, 0);
      ScalarUpdateLoops.run(update, f, 0, 1, o.vectors(), o.offsets(), lanes, 0);
      for (int k = 0; k < count; k++) {
        end(k, lanes[k * L]);
      }
    }

    private void end(int sum, double total) {
      o.sums()[sum] = (float) (UpdateFactors.ofSum(update, sum, o.scalars()) * total);
    }

    /** A thread's share of the whole vectors. */
    @Override
    public void run(int part, int parts) {
      int unit = count == 0 ? LINE : BLOCK;
      between(Workers.edge(whole, unit, part, parts), Workers.edge(whole, unit, part + 1, parts));
    }

    private void between(int from, int to) {
      int step = count == 0 ? to - from : BLOCK;
      for (int i = from; i < to; ) {
        int end = i + Math.min(step, to - i);
        loop(i, end, o.vectors(), o.offsets(), i / BLOCK);
        i = end;
      }
    }

    private void loop(int from, int to, float[][] vectors, int[] offsets, int block) {
      loops.run(update, f, from, to, vectors, offsets, lanes, block * count * L);
    }

    /** The last elements: as one more vector of the last block, or a block of their own. */
    private void rest() {
      for (int i = 0; i < inputs; i++) {
        System.arraycopy(o.vectors()[i], o.offsets()[i] + whole, rest, i * L, left);
        // Not zero, for the roots below quotients; what is computed of it is dropped, or met by a
        // zero.
        Arrays.fill(rest, i * L + left, (i + 1) * L, i == 0 ? 0 : 1);
      }
      loop(0, L, rests, places, blocks - 1);
      for (int i = inputs; i < o.vectors().length; i++) {
        System.arraycopy(rest, i * L, o.vectors()[i], o.offsets()[i] + whole, left);
      }
    }

    /** The lanes' sums of all blocks, one lane behind the other. */
    private float totalByLane(int sum) {
      if (blocks == 1) {
        return VirtualVector.sum(lanes, sum * L);
      }
      double total = 0;
      for (int lane = 0; lane < L; lane++) {
        double before = 0;
        for (int block = 0; block < blocks - 1; block++) {
          before += lane(block, sum, lane);
        }
        total += before + lane(blocks - 1, sum, lane);
      }
      return (float) total;
    }

    /** The blocks' sums, one block behind the other; the last elements are one of its own. */
    private double totalByBlock(int sum) {
      double total = 0;
      for (int block = 0; block < blocks; block++) {
        int length = block == blocks - 1 && left > 0 ? left : L;
        double ofBlock = 0;
        for (int lane = 0; lane < length; lane++) {
          ofBlock += lane(block, sum, lane);
        }
        total += ofBlock;
      }
      return total;
    }

    private float lane(int block, int sum, int lane) {
      return lanes[(block * count + sum) * L + lane];
    }
  }

  /** Derivatives and traces; the bits of a run hang on either order. */
  private static boolean addsByLane(UpdateOp update) {
    return switch (update) {
      case SGD_MOMENTUM_HYPER, ADAGRAD_HYPER, RMSPROP_HYPER, ADAM_HYPER, TRACE -> true;
      default -> false;
    };
  }
}

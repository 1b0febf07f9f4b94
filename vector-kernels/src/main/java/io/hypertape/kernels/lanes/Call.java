package io.hypertape.kernels.lanes;

/**
 * A kernel with its operands, which were checked when this was made: whoever records a step keeps
 * these, and a replay runs them. Running one makes no operands and checks nothing but indices,
 * which are data; it may be run as often as one likes, one call of the same kernels at a time,
 * until they are closed.
 */
@FunctionalInterface
public interface Call extends Runnable {

  /** That of operands without elements. */
  Call NOTHING = () -> {};

  /** Computes, from what the operands' arrays hold now. */
  @Override
  void run();
}

package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.View;

/**
 * What a {@link FusedOp.GradientKernel} reads and where it writes. All views are dense. Only what
 * is asked for is made: who does not read a cotangent that is zero does not pay for it.
 */
public sealed interface GradientCall permits NodeGradientCall {

  /**
   * Where to compute.
   *
   * @return the session's backend
   */
  Backend backend();

  /**
   * Number of inputs.
   *
   * @return as many as the operation was given
   */
  int inputs();

  /**
   * The cotangent of a result.
   *
   * @param result its place
   * @return a view of the result's shape; zeros if nothing depends on it
   */
  View cotangent(int result);

  /**
   * An input of the operation.
   *
   * @param input its place
   * @return what the operation read
   */
  View input(int input);

  /**
   * An output of the operation.
   *
   * @param output its place; behind the results is what the {@link FusedOp.Kernel} kept
   * @return what it wrote
   */
  View output(int output);

  /**
   * Whether an input's cotangent is wanted.
   *
   * @param input its place
   * @return false if it need not be written
   */
  boolean isNeeded(int input);

  /**
   * Where the cotangent of an input goes.
   *
   * @param input its place; not one of integers
   * @return a view of the input's shape, its contents undefined at first
   */
  View gradient(int input);

  /**
   * Room for what a kernel computes on the way.
   *
   * @param shape its shape
   * @return a view, its contents undefined at first
   */
  View scratch(int... shape);
}

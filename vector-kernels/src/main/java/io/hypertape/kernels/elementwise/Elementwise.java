package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.lanes.UnaryOp;

/**
 * Kernels of strided elements. A method checks its operands, finds the rows that they consist of,
 * and returns the call; axes of length 0 make one that does nothing. Outputs overlap no input,
 * unless they are just the same elements. What does not fit is an IllegalArgumentException that
 * names the operand and says what would.
 */
public interface Elementwise {

  /**
   * out = x.
   *
   * @param x read
   * @param out written, of x's shape
   * @return the call
   */
  Call copy(Strided x, Strided out);

  /**
   * out = value.
   *
   * @param out written
   * @param value what all elements become
   * @return the call
   */
  Call fill(Floats out, float value);

  /**
   * out = op(x).
   *
   * @param op the function
   * @param x read
   * @param out written, of x's shape; may be x
   * @return the call
   */
  Call unary(UnaryOp op, Strided x, Strided out);

  /**
   * out = op(a, b).
   *
   * @param op the function
   * @param a first operand
   * @param b second operand, of a's shape; a stride of 0 repeats it
   * @param out written, of the same shape; may be a or b
   * @return the call
   */
  Call binary(BinaryOp op, Strided a, Strided b, Strided out);

  /**
   * Reduces along the axes where out's length is 1.
   *
   * @param op the reduction
   * @param x read
   * @param out overwritten; its lengths are x's or 1
   * @return the call
   */
  Call reduce(ReduceOp op, Strided x, Strided out);

  /**
   * Σ x·y, at once.
   *
   * @param x first vector
   * @param y second vector, as long
   * @return the inner product
   */
  float dot(Floats x, Floats y);

  /**
   * out = x − log Σ exp(x) along rows, stable for large values.
   *
   * @param x read, its rows contiguous
   * @param out written, of x's shape, its rows contiguous; may be x
   * @return the call
   */
  Call logSoftmax(Matrix x, Matrix out);

  /**
   * out = g − exp(y)·Σ g along rows: {@link #logSoftmax}'s derivative.
   *
   * @param y what logSoftmax gave, its rows contiguous
   * @param g cotangent of y, of its shape, its rows contiguous
   * @param out written, of the same shape, its rows contiguous; may be g
   * @return the call
   */
  Call logSoftmaxGrad(Matrix y, Matrix g, Matrix out);

  /**
   * out[i] = x[i, index[i]].
   *
   * @param x read
   * @param index a column for each row
   * @param out written, one element for each row
   * @return the call, which throws an IndexOutOfBoundsException if an index is no column; nothing
   *     was written then
   */
  Call pick(Matrix x, Ints index, Floats out);

  /**
   * out = 0, then out[i, index[i]] = x[i].
   *
   * @param x read, one element for each row
   * @param index a column for each row
   * @param out written, its rows end to end
   * @return the call, which throws an IndexOutOfBoundsException if an index is no column; nothing
   *     was written then
   */
  Call scatter(Strided x, Ints index, Matrix out);

  /**
   * Uniform numbers on [0, 1), multiples of 2^−24. See {@link io.hypertape.kernels.lanes.Philox}.
   *
   * @param seed the key
   * @param stream tells sequences under one seed apart
   * @param first index of the first number: element i depends on seed, stream and first + i alone
   * @param out written
   * @return the call
   */
  Call uniform(long seed, long stream, long first, Floats out);

  /**
   * Standard normal numbers. See {@link io.hypertape.kernels.lanes.Philox}.
   *
   * @param seed the key
   * @param stream tells sequences under one seed apart
   * @param first index of the first number: element i depends on seed, stream and first + i alone
   * @param out written
   * @return the call
   */
  Call normal(long seed, long stream, long first, Floats out);
}

package io.hypertape.bindings.cuda;

/**
 * A piece of a tensor of weights, and where cuDNN wants it. Tensors are counted layer by layer: the
 * matrix for the input [gates·hidden, inputs], that for the hidden state [gates·hidden, hidden],
 * and the two biases [gates·hidden].
 *
 * @param tensor number of the tensor
 * @param from where the piece begins in it, in bytes
 * @param to where it begins in the weight space, in bytes
 * @param bytes how long it is
 */
public record WeightSpan(int tensor, long from, long to, long bytes) {

  /** Whether another piece goes on where this one ends, on both sides. */
  boolean isFollowedBy(WeightSpan next) {
    return tensor == next.tensor && from + bytes == next.from && to + bytes == next.to;
  }

  WeightSpan joined(WeightSpan next) {
    return new WeightSpan(tensor, from, to, bytes + next.bytes);
  }
}

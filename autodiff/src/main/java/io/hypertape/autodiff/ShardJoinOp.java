package io.hypertape.autodiff;

import io.hypertape.shards.Exchange;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The sum of what shards have, once for each of them. As every shard's output depends on every
 * shard's input alike, the operation is its own adjoint.
 */
final class ShardJoinOp extends Op {

  private static final String NAME = "shard sums";

  private final Exchange exchange;
  private final List<Integer> numbers;

  ShardJoinOp(Exchange exchange, List<Integer> numbers) {
    this.exchange = exchange;
    this.numbers = numbers;
  }

  @Override
  String name() {
    return NAME;
  }

  @Override
  List<Tensor> forward(Session session, List<Tensor> inputs) {
    for (Tensor input : inputs) {
      if (!Arrays.equals(input.requireFloating(NAME).dims(), inputs.getFirst().dims())) {
        throw new IllegalArgumentException(
            NAME
                + ": shapes "
                + Shapes.text(FusedOp.shapes(inputs))
                + "; one shape for all shards is needed");
      }
    }
    boolean recording = session.setRecording(false);
    try {
      // 0 is added so that −0 becomes 0 whoever has a shard without rows.
      Tensor sum = ShardTrees.sum(numbers, inputs).add(0);
      if (exchange.workers() > 1) {
        sum = joined(session, sum);
      }
      List<Tensor> outputs = new ArrayList<>(inputs.size());
      for (int k = 0; k < inputs.size(); k++) {
        outputs.add(sum.detach());
      }
      return outputs;
    } finally {
      session.setRecording(recording);
    }
  }

  private Tensor joined(Session session, Tensor own) {
    if (own.dtype() != DType.F32) {
      throw new IllegalArgumentException(
          NAME + ": workers join float32; this session computes in " + own.dtype());
    }
    float[] values = own.toFloats();
    exchange.sum(values, 0, values.length).await();
    return session.tensor(values, own.dims());
  }

  @Override
  Tensor[] vjp(Node node, Tensor[] cotangents, boolean[] needed) {
    List<Tensor> given = new ArrayList<>(cotangents.length);
    Session session = node.output().session();
    for (int k = 0; k < cotangents.length; k++) {
      given.add(
          cotangents[k] != null
              ? cotangents[k]
              : session.constant(0).broadcastTo(node.outputs().get(k).dims()));
    }
    List<Tensor> sums = session.apply(this, given);
    Tensor[] result = new Tensor[needed.length];
    for (int k = 0; k < needed.length; k++) {
      result[k] = needed[k] ? sums.get(k) : null;
    }
    return result;
  }
}

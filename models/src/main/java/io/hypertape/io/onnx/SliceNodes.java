package io.hypertape.io.onnx;

import io.hypertape.autodiff.Tensor;
import io.hypertape.io.onnx.GraphValue.Wholes;
import io.hypertape.io.onnx.NodeFunction.Factory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Parts of axes, and what is put around them. */
final class SliceNodes {

  private SliceNodes() {}

  static Map<String, Factory> all() {
    Map<String, Factory> all = new HashMap<>();
    all.put("Slice", form -> NodeFunction.single(SliceNodes::slice));
    all.put("Pad", SliceNodes::pad);
    return all;
  }

  private static long[] orElse(NodeRun run, int input, LongStream otherwise) {
    return run.has(input) ? run.wholes(input).values() : otherwise.toArray();
  }

  private static GraphValue slice(NodeRun run) {
    long[] starts = run.wholes(1).values();
    long[] ends = run.wholes(2).values();
    int[] shape = run.shape(0);
    int[] axes = NodeRun.axes(orElse(run, 3, LongStream.range(0, starts.length)), shape.length);
    long[] steps = orElse(run, 4, LongStream.generate(() -> 1).limit(starts.length));
    if (ends.length != starts.length
        || axes.length != starts.length
        || steps.length != starts.length) {
      throw new IllegalArgumentException("not as many ends, axes and steps as starts");
    }
    GraphValue value = run.value(0);
    for (int k = 0; k < axes.length; k++) {
      value = part(run, value, axes[k], starts[k], ends[k], steps[k]);
    }
    return value;
  }

  private static GraphValue part(
      NodeRun run, GraphValue value, int axis, long start, long end, long step) {
    int[] shape = value instanceof Wholes wholes ? wholes.shape() : tensor(run, value).shape();
    int length = shape[axis];
    if (step > 0) {
      int from = ShapeNodes.clamped(start, length);
      int to = Math.max(from, ShapeNodes.clamped(end, length));
      int distance = (int) Math.min(step, Math.max(1, length));
      return value instanceof Wholes wholes
          ? WholesArrays.sliced(wholes, axis, from, Math.ceilDiv(to - from, distance), distance)
          : NodeRun.of(tensor(run, value).slice(axis, from, to, distance));
    }
    if (step == 0 || !(value instanceof Wholes wholes)) {
      throw new IllegalArgumentException("a step of " + step + "; steps of 1 or more are read");
    }
    // Backwards, from a place to one that may be before the first.
    int from = Math.min(ShapeNodes.clamped(start, length), length - 1);
    int to = end < -length ? -1 : ShapeNodes.clamped(end, length);
    int distance = (int) Math.max(step, -Math.max(1, length));
    int count = Math.max(0, Math.ceilDiv(from - to, -distance));
    return WholesArrays.sliced(wholes, axis, from, count, distance);
  }

  private static Tensor tensor(NodeRun run, GraphValue value) {
    return value instanceof GraphValue.Computed computed ? computed.tensor() : run.tensor(0);
  }

  private static NodeFunction pad(NodeForm form) throws OnnxException {
    String mode = form.text("mode", "constant");
    form.require(mode.equals("constant"), "its mode is '" + mode + "'; constant is read");
    Optional<long[]> attribute = form.integers("pads");
    double filling = ElementwiseNodes.number(form, 2, "value").orElse(0.0);
    return NodeFunction.single(
        run -> {
          Tensor x = run.tensor(0);
          long[] pads = attribute.isPresent() ? attribute.get() : run.wholes(1).values();
          int[] axes = NodeRun.axes(orElse(run, 3, LongStream.range(0, x.rank())), x.rank());
          if (pads.length != 2 * axes.length) {
            throw new IllegalArgumentException(
                pads.length + " paddings for " + axes.length + " axes; two are needed for each");
          }
          Tensor padded = padded(run, x, axes, pads);
          if (filling == 0) {
            return NodeRun.of(padded);
          }
          Tensor within = padded(run, run.session().ones(x.shape()), axes, pads);
          return NodeRun.of(padded.add(within.neg().add(1).mul(filling)));
        });
  }

  private static Tensor padded(NodeRun run, Tensor x, int[] axes, long[] pads) {
    int[] shape = x.shape();
    for (int k = 0; k < axes.length; k++) {
      long before = pads[k];
      long after = pads[k + axes.length];
      long longest = Integer.MAX_VALUE;
      if (before < 0 || after < 0 || before > longest || after > longest) {
        throw new IllegalArgumentException(
            "paddings " + Arrays.toString(pads) + "; 0 or more are read, and a Slice where less");
      }
      shape[axes[k]] = NodeRun.length(before + shape[axes[k]] + after);
    }
    run.room(shape);
    Tensor y = x;
    for (int k = 0; k < axes.length; k++) {
      y = y.pad(axes[k], (int) pads[k], (int) pads[k + axes.length]);
    }
    return y;
  }
}

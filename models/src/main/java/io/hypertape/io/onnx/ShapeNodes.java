package io.hypertape.io.onnx;

import io.hypertape.autodiff.Tensor;
import io.hypertape.io.onnx.GraphValue.Wholes;
import io.hypertape.io.onnx.NodeFunction.Factory;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What changes shapes and no numbers. */
final class ShapeNodes {

  private ShapeNodes() {}

  static Map<String, Factory> all() {
    Map<String, Factory> all = new HashMap<>();
    all.put("Reshape", ShapeNodes::reshape);
    all.put("Flatten", ShapeNodes::flatten);
    all.put("Transpose", ShapeNodes::transpose);
    all.put("Squeeze", ShapeNodes::squeeze);
    all.put("Unsqueeze", ShapeNodes::unsqueeze);
    all.put("Concat", ShapeNodes::concat);
    all.put("Split", ShapeNodes::split);
    all.put("Gather", ShapeNodes::gather);
    all.put("Expand", form -> NodeFunction.single(ShapeNodes::expand));
    return all;
  }

  /** A place along an axis, counted from its end if it is negative, and brought within it. */
  static int clamped(long place, int length) {
    long positive = place < 0 ? place + length : place;
    return (int) Math.max(0, Math.min(length, positive));
  }

  /** Whole numbers, or a tensor, in another shape of as many elements. */
  private static GraphValue inShape(NodeRun run, int... shape) {
    if (run.value(0) instanceof Wholes wholes) {
      if (NodeRun.size(shape) != wholes.values().length) {
        throw new IllegalArgumentException(
            wholes.text() + " do not fill shape " + Arrays.toString(shape));
      }
      return new Wholes(shape, wholes.values());
    }
    return NodeRun.of(run.tensor(0).reshape(shape));
  }

  private static NodeFunction reshape(NodeForm form) throws OnnxException {
    boolean zeros = form.integer("allowzero", 0) != 0;
    return NodeFunction.single(
        run -> {
          long[] wanted = run.wholes(1).values();
          int[] before = run.shape(0);
          int[] shape = new int[wanted.length];
          long others = 1;
          int unknown = -1;
          for (int axis = 0; axis < shape.length; axis++) {
            if (wanted[axis] == -1 && unknown < 0) {
              unknown = axis;
              continue;
            }
            boolean copied = wanted[axis] == 0 && !zeros && axis < before.length;
            shape[axis] = copied ? before[axis] : NodeRun.length(wanted[axis]);
            others = Math.min(others, Integer.MAX_VALUE) * shape[axis];
          }
          if (unknown >= 0) {
            shape[unknown] = others == 0 ? 0 : (int) (NodeRun.size(before) / others);
          }
          return inShape(run, shape);
        });
  }

  private static NodeFunction flatten(NodeForm form) throws OnnxException {
    long at = form.integer("axis", 1);
    return NodeFunction.single(
        run -> {
          int[] shape = run.tensor(0).shape();
          int axis = at == shape.length ? shape.length : NodeRun.axis(at, shape.length);
          int rows = NodeRun.size(Arrays.copyOf(shape, axis));
          int columns = NodeRun.size(Arrays.copyOfRange(shape, axis, shape.length));
          return inShape(run, rows, columns);
        });
  }

  private static NodeFunction transpose(NodeForm form) throws OnnxException {
    Optional<long[]> given = form.integers("perm");
    return NodeFunction.single(
        run -> {
          int rank = run.shape(0).length;
          int[] order =
              given
                  .map(axes -> NodeRun.axes(axes, rank))
                  .orElseGet(() -> IntStream.range(0, rank).map(k -> rank - 1 - k).toArray());
          return run.isWhole(0)
              ? WholesArrays.transposed(run.wholes(0), order)
              : NodeRun.of(run.tensor(0).permute(order));
        });
  }

  /** Axes of an attribute or, since opset 13, of the second input. */
  static Optional<long[]> axes(NodeRun run, Optional<long[]> attribute) {
    return attribute.isPresent() || !run.has(1) ? attribute : Optional.of(run.wholes(1).values());
  }

  private static NodeFunction squeeze(NodeForm form) throws OnnxException {
    Optional<long[]> attribute = form.integers("axes");
    return NodeFunction.single(
        run -> {
          int[] shape = run.shape(0);
          Optional<long[]> given = axes(run, attribute);
          boolean[] dropped = new boolean[shape.length];
          for (int axis = 0; axis < shape.length && given.isEmpty(); axis++) {
            dropped[axis] = shape[axis] == 1;
          }
          for (int axis : NodeRun.axes(given.orElse(new long[0]), shape.length)) {
            if (shape[axis] != 1) {
              throw new IllegalArgumentException(
                  "axis " + axis + " of " + Arrays.toString(shape) + " is not of length 1");
            }
            dropped[axis] = true;
          }
          return inShape(
              run,
              IntStream.range(0, shape.length)
                  .filter(axis -> !dropped[axis])
                  .map(axis -> shape[axis])
                  .toArray());
        });
  }

  private static NodeFunction unsqueeze(NodeForm form) throws OnnxException {
    Optional<long[]> attribute = form.integers("axes");
    return NodeFunction.single(
        run -> {
          int[] shape = run.shape(0);
          long[] given = axes(run, attribute).orElse(new long[0]);
          int[] longer = new int[NodeRun.length((long) shape.length + given.length)];
          for (int axis : NodeRun.axes(given, longer.length)) {
            longer[axis] = -1;
          }
          int from = 0;
          for (int axis = 0; axis < longer.length; axis++) {
            boolean isNew = longer[axis] < 0;
            longer[axis] = isNew || from == shape.length ? 1 : shape[from++];
          }
          return inShape(run, longer);
        });
  }

  private static NodeFunction concat(NodeForm form) throws OnnxException {
    long axis = form.integer("axis", 1);
    return NodeFunction.single(
        run -> {
          int n = run.inputs().size();
          if (IntStream.range(0, n).allMatch(run::isWhole)) {
            return joined(run, n);
          }
          List<Tensor> parts = new ArrayList<>();
          long size = 0;
          for (int i = 0; i < n; i++) {
            parts.add(run.tensor(i));
            size += parts.getLast().size();
          }
          run.room(NodeRun.length(size));
          return NodeRun.of(Tensor.concat(NodeRun.axis(axis, parts.getFirst().rank()), parts));
        });
  }

  private static GraphValue joined(NodeRun run, int n) {
    long size = 0;
    for (int i = 0; i < n; i++) {
      if (run.wholes(i).shape().length != 1) {
        throw new IllegalArgumentException(run.value(i).text() + "; lists are needed");
      }
      size += run.wholes(i).values().length;
    }
    WholesArrays.checked(NodeRun.length(size));
    return Wholes.of(
        IntStream.range(0, n)
            .boxed()
            .flatMapToLong(i -> Arrays.stream(run.wholes(i).values()))
            .toArray());
  }

  private static NodeFunction split(NodeForm form) throws OnnxException {
    long at = form.integer("axis", 0);
    Optional<long[]> attribute = form.integers("split");
    int parts = (int) form.integer("num_outputs", form.outputs());
    form.require(parts == form.outputs(), parts + " parts for " + form.outputs() + " outputs");
    return run -> {
      Tensor x = run.tensor(0);
      int axis = NodeRun.axis(at, x.rank());
      int length = x.shape()[axis];
      long part = Math.ceilDiv(length, parts);
      long[] lengths =
          axes(run, attribute)
              .orElseGet(
                  () ->
                      IntStream.range(0, parts)
                          .mapToLong(k -> Math.max(0, Math.min(part, length - k * part)))
                          .toArray());
      if (lengths.length != parts || Arrays.stream(lengths).anyMatch(n -> n < 0 || n > length)) {
        throw new IllegalArgumentException(
            "parts of " + Arrays.toString(lengths) + " of an axis of length " + length);
      }
      List<GraphValue> outputs = new ArrayList<>();
      int from = 0;
      for (long n : lengths) {
        outputs.add(NodeRun.of(x.slice(axis, from, from + (int) n)));
        from += (int) n;
      }
      return outputs;
    };
  }

  private static NodeFunction gather(NodeForm form) throws OnnxException {
    long at = form.integer("axis", 0);
    return NodeFunction.single(
        run -> {
          if (run.isWhole(0)) {
            return WholesArrays.taken(
                run.wholes(0), NodeRun.axis(at, run.wholes(0).shape().length), run.wholes(1));
          }
          Tensor x = run.tensor(0);
          int[] shape = x.shape();
          int axis = NodeRun.axis(at, shape.length);
          int[] index = run.shape(1);
          int[] out =
              IntStream.of(
                      IntStream.concat(
                              IntStream.concat(Arrays.stream(shape, 0, axis), Arrays.stream(index)),
                              Arrays.stream(shape, axis + 1, shape.length))
                          .toArray())
                  .toArray();
          run.room(out);
          return NodeRun.of(taken(run, x, axis).reshape(out));
        });
  }

  private static Tensor taken(NodeRun run, Tensor x, int axis) {
    int length = x.shape()[axis];
    if (run.isWhole(1) && run.wholes(1).values().length == 1) {
      // A place that is known needs no copy of an index from the host.
      int place = NodeRun.axis(run.wholes(1).values()[0], length);
      return x.slice(axis, place, place + 1);
    }
    Tensor index = run.isWhole(1) ? HostNodes.indices(run, run.wholes(1), length) : run.tensor(1);
    if (index.dtype() != DType.I32) {
      throw new IllegalArgumentException("its index is " + index.dtype() + "; I32 is needed");
    }
    return x.take(axis, index.reshape(index.size()));
  }

  private static GraphValue expand(NodeRun run) {
    int[] shape = Arrays.stream(run.wholes(1).values()).mapToInt(NodeRun::length).toArray();
    if (run.value(0) instanceof Wholes wholes) {
      Wholes zeros = new Wholes(shape, new long[NodeRun.size(WholesArrays.checked(shape))]);
      return WholesArrays.combined(wholes, zeros, (a, unused) -> a);
    }
    Tensor x = run.tensor(0);
    return NodeRun.of(x.broadcastTo(run.broadcast(x.shape(), shape)));
  }
}

package io.hypertape.io.onnx;

import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import io.hypertape.io.onnx.GraphValue.Kept;
import io.hypertape.io.onnx.GraphValue.Learned;
import io.hypertape.io.onnx.NodeFunction.Factory;
import io.hypertape.models.BatchNorm2d;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.Pooling;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Convolutions, poolings and batch normalization. */
final class ImageNodes {

  private ImageNodes() {}

  static Map<String, Factory> all() {
    Map<String, Factory> all = new HashMap<>();
    all.put("Conv", ImageNodes::convolution);
    all.put("MaxPool", form -> pool(form, ImageNodes::largest));
    all.put("AveragePool", ImageNodes::averagePool);
    all.put("GlobalAveragePool", form -> NodeFunction.single(ImageNodes::globalAverage));
    all.put("GlobalMaxPool", form -> NodeFunction.single(ImageNodes::globalMax));
    all.put("BatchNormalization", ImageNodes::batchNorm);
    return all;
  }

  private static NodeFunction convolution(NodeForm form) throws OnnxException {
    WindowForm windows = WindowForm.of(form);
    int groups = NodeRun.length(Math.clamp(form.integer("group", 1), 1, 1 << 24));
    form.ignore("kernel_shape");
    return NodeFunction.single(
        run -> {
          Tensor x = run.tensor(0);
          Tensor filters = run.tensor(1);
          if (filters.rank() != 4) {
            throw new IllegalArgumentException(
                "filters "
                    + Arrays.toString(filters.shape())
                    + "; convolutions of images are read");
          }
          int[] around = windows.around(x, filters.shape()[2], filters.shape()[3]);
          boolean even = WindowForm.isEven(around);
          Tensor in = even ? x : WindowForm.padded(run, x, around);
          Convolution shape =
              new Convolution(
                  windows.strides()[0],
                  windows.strides()[1],
                  even ? around[0] : 0,
                  even ? around[1] : 0,
                  windows.dilations()[0],
                  windows.dilations()[1],
                  groups);
          room(run, in, filters, shape);
          Tensor y = NeuralOps.convolution(in, filters, shape);
          return NodeRun.of(run.has(2) ? y.add(run.tensor(2).reshape(-1, 1, 1)) : y);
        });
  }

  private static void room(NodeRun run, Tensor x, Tensor filters, Convolution form) {
    int rows = form.outputHeight(x.shape()[2], filters.shape()[2]);
    int columns = form.outputWidth(x.shape()[3], filters.shape()[3]);
    run.room(x.shape()[0], filters.shape()[0], Math.max(0, rows), Math.max(0, columns));
  }

  /** Pools an image that has been looked at. */
  private interface PoolKind {
    Tensor apply(NodeRun run, Tensor x, int[] window, int[] strides, int[] around);
  }

  private static NodeFunction pool(NodeForm form, PoolKind kind) throws OnnxException {
    Optional<long[]> size = form.integers("kernel_shape");
    form.require(size.isPresent() && size.get().length == 2, "windows of two axes are read");
    int[] window = form.sizes("kernel_shape", new int[2], 1);
    boolean rounds = form.integer("ceil_mode", 0) != 0;
    form.ignore("storage_order");
    form.require(form.outputs() == 1, "its second output, the places, is not read");
    WindowForm windows = WindowForm.of(form);
    form.require(
        Arrays.stream(windows.dilations()).allMatch(d -> d == 1), "windows with gaps are not read");
    return NodeFunction.single(
        run -> {
          Tensor x = run.tensor(0);
          int[] around = windows.around(x, window);
          int[] strides = windows.strides();
          for (int k = 0; k < 2; k++) {
            long rest = (long) x.shape()[2 + k] + around[k] + around[k + 2] - window[k];
            if (rounds && rest % strides[k] != 0) {
              throw new IllegalArgumentException(
                  "ceil_mode, where windows reach beyond the image, is not read");
            }
          }
          return NodeRun.of(kind.apply(run, x, window, strides, around));
        });
  }

  private static Pooling form(int[] window, int[] strides, int[] around) {
    return new Pooling(window[0], window[1], strides[0], strides[1], around[0], around[1]);
  }

  private static Tensor largest(NodeRun run, Tensor x, int[] window, int[] strides, int[] around) {
    if (!WindowForm.isEven(around)) {
      throw new IllegalArgumentException(
          "pads " + Arrays.toString(around) + "; as many on both sides are read");
    }
    return NeuralOps.maxPool(x, form(window, strides, around));
  }

  private static NodeFunction averagePool(NodeForm form) throws OnnxException {
    boolean countsZeros = form.integer("count_include_pad", 0) != 0;
    return pool(
        form,
        (run, x, window, strides, around) -> {
          Tensor mean = mean(run, x, window, strides, around);
          if (countsZeros || Arrays.stream(around).allMatch(pad -> pad == 0)) {
            return mean;
          }
          // Which part of each window is within the image.
          Tensor ones = run.session().ones(1, 1, x.shape()[2], x.shape()[3]);
          return mean.div(mean(run, ones, window, strides, around));
        });
  }

  private static Tensor mean(NodeRun run, Tensor x, int[] window, int[] strides, int[] around) {
    return WindowForm.isEven(around)
        ? NeuralOps.averagePool(x, form(window, strides, around))
        : NeuralOps.averagePool(
            WindowForm.padded(run, x, around), form(window, strides, new int[4]));
  }

  private static int[] pixels(Tensor x) {
    if (x.rank() < 3) {
      throw new IllegalArgumentException(
          "its input is " + Arrays.toString(x.shape()) + "; [N, C, …] is needed");
    }
    return IntStream.range(2, x.rank()).toArray();
  }

  private static GraphValue globalAverage(NodeRun run) {
    Tensor x = run.tensor(0);
    int[] pixels = pixels(x);
    return NodeRun.of(
        x.rank() == 4
            ? NeuralOps.globalAveragePool(x).reshape(x.shape()[0], x.shape()[1], 1, 1)
            : x.meanKeepDims(pixels));
  }

  private static GraphValue globalMax(NodeRun run) {
    Tensor x = run.tensor(0);
    return NodeRun.of(x.maxKeepDims(pixels(x)));
  }

  private static NodeFunction batchNorm(NodeForm form) throws OnnxException {
    double eps = form.number("epsilon", 1e-5);
    double kept = form.number("momentum", 0.9);
    form.ignore("training_mode");
    form.only("spatial", 1);
    form.require(
        form.outputs() == 1 || form.outputs() == 3,
        "its outputs are " + form.outputNames() + "; in training there are three, else one");
    form.require(
        eps > 0 && Double.isFinite(eps) && kept >= 0 && kept <= 1,
        "epsilon " + eps + " and momentum " + kept);
    Optional<BatchNorm2d> layer = layer(form, eps, 1 - kept);
    return run -> {
      Tensor x = run.tensor(0);
      int[] shape = x.shape();
      // Signals [N, C, L] are images of one column.
      Tensor in = x.rank() == 3 ? x.reshape(shape[0], shape[1], shape[2], 1) : x;
      Tensor y =
          layer.isPresent()
              ? layer.get().forward(in, run.mode())
              : NeuralOps.normalize(
                  in, run.tensor(1), run.tensor(2), run.tensor(3), run.tensor(4), eps);
      // Whose statistics are taken is for the mode to say; a file made for training has the
      // running ones as further outputs.
      return List.of(NodeRun.of(x.rank() == 3 ? y.reshape(shape) : y), run.value(3), run.value(4));
    };
  }

  /** A layer that can be trained, if all that it has is the model's own. */
  private static Optional<BatchNorm2d> layer(NodeForm form, double eps, double momentum) {
    Optional<Parameter> scale = parameter(form, 1);
    Optional<Parameter> bias = parameter(form, 2);
    return scale.isPresent()
            && bias.isPresent()
            && form.known(3).orElse(null) instanceof Kept mean
            && form.known(4).orElse(null) instanceof Kept variance
        ? Optional.of(
            new BatchNorm2d(
                scale.get(), bias.get(), mean.buffer(), variance.buffer(), momentum, eps))
        : Optional.empty();
  }

  private static Optional<Parameter> parameter(NodeForm form, int input) {
    return form.known(input)
        .flatMap(
            value ->
                value instanceof Learned learned
                    ? Optional.of(learned.parameter())
                    : Optional.empty());
  }
}

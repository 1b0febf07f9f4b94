package io.hypertape.io.onnx;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.models.Activation;
import io.hypertape.models.AveragePool2d;
import io.hypertape.models.BatchNorm2d;
import io.hypertape.models.Cnn;
import io.hypertape.models.Conv2d;
import io.hypertape.models.Dense;
import io.hypertape.models.Dropout;
import io.hypertape.models.Embedding;
import io.hypertape.models.Flatten;
import io.hypertape.models.GlobalAveragePool;
import io.hypertape.models.Gru;
import io.hypertape.models.Layer;
import io.hypertape.models.Lstm;
import io.hypertape.models.MaxPool2d;
import io.hypertape.models.Mlp;
import io.hypertape.models.PaddedShortcut;
import io.hypertape.models.ResNet;
import io.hypertape.models.Residual;
import io.hypertape.models.Sequential;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.Pooling;

/** Which nodes the layers of this library are. */
final class LayerExport {

  private LayerExport() {}

  static String add(OnnxGraph graph, Layer layer, String x) {
    return switch (layer) {
      case OnnxLayer own -> own.addTo(graph, x);
      case Sequential chain -> chain(graph, chain, x);
      case Residual residual -> residual(graph, residual, x);
      case Dense dense -> dense(graph, dense, x);
      case Activation activation -> activation(graph, activation, x);
      case Conv2d convolution -> convolution(graph, convolution, x);
      case BatchNorm2d norm -> batchNorm(graph, norm, x);
      case MaxPool2d pool -> pool(graph.node("MaxPool", x), pool.form()).output();
      case AveragePool2d pool ->
          pool(graph.node("AveragePool", x), pool.form()).with("count_include_pad", 1).output();
      case GlobalAveragePool pool -> flatten(graph, graph.node("GlobalAveragePool", x).output());
      case Flatten flatten -> flatten(graph, x);
      case Dropout dropout -> dropout(graph, dropout.p(), x);
      case PaddedShortcut shortcut -> shortcut(graph, shortcut, x);
      case Embedding embedding ->
          graph.node("Gather", graph.parameter(embedding.weight()), x).output();
      case Lstm lstm -> RecurrentExport.lstm(graph, lstm, x);
      case Gru gru -> RecurrentExport.gru(graph, gru, x);
      case Mlp mlp -> logSoftmax(graph, add(graph, mlp.layers(), flatten(graph, x)));
      case Cnn cnn -> logSoftmax(graph, add(graph, cnn.layers(), x));
      case ResNet resNet -> logSoftmax(graph, add(graph, resNet.layers(), x));
      default ->
          throw new IllegalArgumentException(
              "ONNX: "
                  + layer.getClass().getName()
                  + " does not say which nodes it is; a layer of one's own does so by OnnxLayer");
    };
  }

  private static String chain(OnnxGraph graph, Sequential chain, String x) {
    String y = x;
    for (Layer layer : chain.layers()) {
      y = add(graph, layer, y);
    }
    return y;
  }

  private static String residual(OnnxGraph graph, Residual residual, String x) {
    String body = add(graph, residual.body(), x);
    String around = add(graph, residual.shortcut(), x);
    return activation(graph, residual.activation(), graph.node("Add", body, around).output());
  }

  private static String dense(OnnxGraph graph, Dense dense, String x) {
    // Gemm: x·Wᵀ + b.
    String y =
        graph
            .node("Gemm", x, graph.parameter(dense.weight()), graph.parameter(dense.bias()))
            .with("transB", 1)
            .output();
    return activation(graph, dense.activation(), y);
  }

  private static String activation(OnnxGraph graph, Activation activation, String x) {
    return switch (activation) {
      case TANH -> graph.node("Tanh", x).output();
      case RELU -> graph.node("Relu", x).output();
      case SIGMOID -> graph.node("Sigmoid", x).output();
      case NONE -> x;
    };
  }

  private static String convolution(OnnxGraph graph, Conv2d layer, String x) {
    Convolution form = layer.form();
    String weight = graph.parameter(layer.weight());
    OnnxNode node =
        layer
            .bias()
            .map(bias -> graph.node("Conv", x, weight, graph.parameter(bias)))
            .orElseGet(() -> graph.node("Conv", x, weight));
    int[] shape = layer.weight().shape();
    return node.with("kernel_shape", new long[] {shape[2], shape[3]})
        .with("strides", new long[] {form.strideHeight(), form.strideWidth()})
        .with("pads", pads(form.padHeight(), form.padWidth()))
        .with("dilations", new long[] {form.dilationHeight(), form.dilationWidth()})
        .with("group", form.groups())
        .output();
  }

  private static long[] pads(long height, long width) {
    return new long[] {height, width, height, width};
  }

  private static OnnxNode pool(OnnxNode node, Pooling form) {
    return node.with("kernel_shape", new long[] {form.windowHeight(), form.windowWidth()})
        .with("strides", new long[] {form.strideHeight(), form.strideWidth()})
        .with("pads", pads(form.padHeight(), form.padWidth()));
  }

  private static String batchNorm(OnnxGraph graph, BatchNorm2d norm, String x) {
    Parameter scale = norm.weight();
    Buffer mean = norm.runningMean();
    return graph
        .node(
            "BatchNormalization",
            x,
            graph.parameter(scale),
            graph.parameter(norm.bias()),
            graph.buffer(mean),
            graph.buffer(norm.runningVariance()))
        .with("epsilon", norm.eps())
        // ONNX's is what the running values keep of themselves.
        .with("momentum", 1 - norm.momentum())
        .output();
  }

  static String flatten(OnnxGraph graph, String x) {
    return graph.node("Flatten", x).with("axis", 1).output();
  }

  /** In use it does nothing; whoever trains the file's model drops as before. */
  static String dropout(OnnxGraph graph, double p, String x) {
    return p == 0 ? x : graph.node("Dropout", x, graph.number(p)).output();
  }

  static String logSoftmax(OnnxGraph graph, String x) {
    return graph.node("LogSoftmax", x).with("axis", -1).output();
  }

  private static String shortcut(OnnxGraph graph, PaddedShortcut shortcut, String x) {
    String taken =
        graph
            .node(
                "Slice",
                x,
                graph.wholes(0, 0),
                graph.wholes(Long.MAX_VALUE, Long.MAX_VALUE),
                graph.wholes(2, 3),
                graph.wholes(shortcut.stride(), shortcut.stride()))
            .output();
    String pads = graph.wholes(0, shortcut.before(), 0, 0, 0, shortcut.after(), 0, 0);
    return graph.node("Pad", taken, pads).with("mode", "constant").output();
  }
}

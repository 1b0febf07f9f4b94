"""Predictions in ONNX Runtime, timed on request: the models of torch_predictions.py, written as graphs here.

    onnx_predictions.py MODEL FILE THREADS

FILE has Hypertape's weights, 'input' and 'output'. Needs onnx, onnxruntime and NumPy.
"""

import os
import sys

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

import turns

TEXT, UNITS, LAYERS = 50, 128, 2


class Graph:
    """A graph that grows at its end."""

    def __init__(self, values):
        self.values = values
        self.nodes, self.constants = [], []
        self.last = "input"

    def constant(self, array):
        name = "c%d" % len(self.constants)
        self.constants.append(numpy_helper.from_array(numpy.ascontiguousarray(array), name))
        return name

    def weight(self, name):
        return self.constant(self.values[name])

    def integers(self, *numbers):
        return self.constant(numpy.array(numbers, dtype=numpy.int64))

    def add(self, kind, inputs, outputs=1, **attributes):
        names = ["%s%d_%d" % (kind, len(self.nodes), k) for k in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, **attributes))
        self.last = names[0]
        return self.last

    def dense(self, name):
        self.add("Gemm", [self.last, self.weight(name + ".weight"), self.weight(name + ".bias")], transB=1)

    def convolution(self, name, stride=1):
        weights = self.values[name + ".weight"]
        size = weights.shape[2]
        inputs = [self.last, self.constant(weights)]
        if name + ".bias" in self.values:
            inputs.append(self.weight(name + ".bias"))
        self.add("Conv", inputs, kernel_shape=[size, size], strides=[stride, stride], pads=[size // 2] * 4)

    def norm(self, name):
        parts = ("weight", "bias", "running_mean", "running_var")
        inputs = [self.last] + [self.weight(name + "." + part) for part in parts]
        self.add("BatchNormalization", inputs, epsilon=1e-5)


def mlp(graph):
    for name in ("layer1", "layer2"):
        graph.dense(name)
        graph.add("Tanh", [graph.last])


def cnn(graph):
    for name in ("conv1", "conv2"):
        graph.convolution(name)
        graph.add("MaxPool", [graph.last], kernel_shape=[2, 2], strides=[2, 2])
        graph.add("Relu", [graph.last])
    graph.add("Flatten", [graph.last])
    graph.dense("linear")


def block(graph, name, stride):
    shortcut = graph.last
    graph.convolution(name + ".conv1", stride)
    graph.norm(name + ".bn1")
    graph.add("Relu", [graph.last])
    graph.convolution(name + ".conv2")
    graph.norm(name + ".bn2")
    body = graph.last
    if stride == 2:
        axes, steps = graph.integers(2, 3), graph.integers(2, 2)
        ends = graph.integers(1 << 30, 1 << 30)
        graph.add("Slice", [shortcut, graph.integers(0, 0), ends, axes, steps])
        added = graph.values[name + ".conv1.weight"].shape[1] // 2
        shortcut = graph.add("Pad", [graph.last, graph.integers(0, added, 0, 0, 0, added, 0, 0)])
    graph.add("Add", [body, shortcut])
    graph.add("Relu", [graph.last])


def resnet20(graph):
    graph.convolution("conv1")
    graph.norm("bn1")
    graph.add("Relu", [graph.last])
    for stage in (1, 2, 3):
        for k in range(3):
            block(graph, "layer%d.%d" % (stage, k), 2 if stage > 1 and k == 0 else 1)
    graph.add("GlobalAveragePool", [graph.last])
    graph.add("Flatten", [graph.last])
    graph.dense("linear")


def gates(array):
    """ONNX has input, output, forget, cell; PyTorch and Hypertape have input, forget, cell, output."""
    i, f, c, o = numpy.split(array, 4)
    return numpy.concatenate([i, o, f, c])


def char_lstm(graph):
    graph.add("Gather", [graph.weight("encoder.weight"), graph.last])
    for layer in range(LAYERS):
        part = lambda name: gates(graph.values["rnn.%s_l%d" % (name, layer)])
        biases = numpy.concatenate([part("bias_ih"), part("bias_hh")])
        inputs = [graph.last]
        inputs += [graph.constant(a[None]) for a in (part("weight_ih"), part("weight_hh"), biases)]
        graph.add("LSTM", inputs, hidden_size=UNITS)
        graph.add("Squeeze", [graph.last, graph.integers(1)])
    graph.add("Reshape", [graph.last, graph.integers(-1, UNITS)])
    graph.dense("decoder")


def build(name, values, x, expected):
    graph = Graph(values)
    {"mlp": mlp, "cnn": cnn, "resnet20": resnet20, "char-lstm": char_lstm}[name](graph)
    graph.add("LogSoftmax", [graph.last], axis=1)
    kind = TensorProto.INT64 if x.dtype == numpy.int64 else TensorProto.FLOAT
    given = helper.make_tensor_value_info("input", kind, list(x.shape))
    result = helper.make_tensor_value_info(graph.last, TensorProto.FLOAT, list(expected.shape))
    whole = helper.make_graph(graph.nodes, name, [given], [result], graph.constants)
    model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def main():
    name, path, threads = sys.argv[1:]
    os.dup2(2, 1)
    stored, _ = turns.stored(path)
    values = {
        key: numpy.frombuffer(data, dtype=numpy.float32).reshape(shape) for key, (data, shape) in stored.items()
    }
    x, expected = values["input"].copy(), values["output"]
    if name == "char-lstm":
        x = x.astype(numpy.int64).reshape(TEXT, -1)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(threads)
    options.inter_op_num_threads = 1
    model = build(name, values, x, expected)
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    size = max(1.0, float(numpy.abs(expected).max()))
    run = lambda task: session.run(None, {"input": x})[0]
    difference = lambda task, output: float(numpy.abs(output - expected).max()) / size
    what = (onnxruntime.__version__, options.intra_op_num_threads, difference("", run("")))
    turns.serve("ONNX Runtime %s, %d threads, outputs differ by %.2g" % what, run, difference)


if __name__ == "__main__":
    main()

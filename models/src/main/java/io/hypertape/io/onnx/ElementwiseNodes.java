package io.hypertape.io.onnx;

import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Tensor;
import io.hypertape.io.onnx.NodeFunction.Factory;
import io.hypertape.models.Mode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.UnaryOperator;

/** Functions of elements. */
final class ElementwiseNodes {

  private ElementwiseNodes() {}

  static Map<String, Factory> all() {
    Map<String, Factory> all = new HashMap<>();
    all.put("Relu", unary(Tensor::relu));
    all.put("Tanh", unary(Tensor::tanh));
    all.put("Sigmoid", unary(Tensor::sigmoid));
    all.put("Exp", unary(Tensor::exp));
    all.put("Log", unary(Tensor::log));
    all.put("Sqrt", unary(Tensor::sqrt));
    all.put("Neg", unary(Tensor::neg));
    all.put("Abs", unary(Tensor::abs));
    all.put("Sign", unary(Tensor::sign));
    all.put("Reciprocal", unary(Tensor::reciprocal));
    // log(1 + eˣ) = relu(x) + log(1 + e^−|x|), which does not overflow.
    all.put("Softplus", unary(x -> x.relu().add(x.abs().neg().exp().add(1).log())));
    all.put("LeakyRelu", form -> leakyRelu(form.number("alpha", 0.01)));
    all.put("Elu", form -> elu(form.number("alpha", 1)));
    all.put("Clip", ElementwiseNodes::clip);
    all.put("Dropout", ElementwiseNodes::dropout);
    all.put("Add", binary(Tensor::add, Math::addExact));
    all.put("Sub", binary(Tensor::sub, Math::subtractExact));
    all.put("Mul", binary(Tensor::mul, Math::multiplyExact));
    all.put("Div", binary(Tensor::div, (a, b) -> a / b));
    all.put("Pow", form -> NodeFunction.single(ElementwiseNodes::pow));
    all.put("Max", several(Tensor::maximum, Math::max));
    all.put("Min", several(Tensor::minimum, Math::min));
    all.put("Sum", several(Tensor::add, Math::addExact));
    return all;
  }

  private static Factory unary(UnaryOperator<Tensor> function) {
    return form -> NodeFunction.single(run -> NodeRun.of(function.apply(run.tensor(0))));
  }

  private static NodeFunction leakyRelu(double alpha) {
    return NodeFunction.single(
        run -> {
          Tensor x = run.tensor(0);
          return NodeRun.of(x.relu().sub(x.neg().relu().mul(alpha)));
        });
  }

  private static NodeFunction elu(double alpha) {
    return NodeFunction.single(
        run -> {
          Tensor x = run.tensor(0);
          return NodeRun.of(x.relu().add(x.minimum(0).exp().sub(1).mul(alpha)));
        });
  }

  private static Factory binary(BinaryOperator<Tensor> ofTensors, LongBinaryOperator ofWholes) {
    return form -> NodeFunction.single(run -> apply(run, 0, run.value(0), ofTensors, ofWholes));
  }

  private static Factory several(BinaryOperator<Tensor> ofTensors, LongBinaryOperator ofWholes) {
    return form ->
        NodeFunction.single(
            run -> {
              GraphValue value = run.value(0);
              for (int i = 1; i < run.inputs().size(); i++) {
                value = apply(run, i - 1, value, ofTensors, ofWholes);
              }
              return value;
            });
  }

  /** A function of a value and of the input after the i-th. */
  private static GraphValue apply(
      NodeRun run,
      int i,
      GraphValue value,
      BinaryOperator<Tensor> ofTensors,
      LongBinaryOperator ofWholes) {
    if (value instanceof GraphValue.Wholes wholes && run.isWhole(i + 1)) {
      return WholesArrays.combined(wholes, run.wholes(i + 1), ofWholes);
    }
    Tensor a = new NodeRun(run.session(), List.of(value), run.mode()).tensor(0);
    Tensor b = run.tensor(i + 1);
    run.broadcast(a.shape(), b.shape());
    return NodeRun.of(ofTensors.apply(a, b));
  }

  private static GraphValue pow(NodeRun run) {
    Tensor x = run.tensor(0);
    if (run.value(1) instanceof GraphValue.Constant exponent && exponent.shape().length == 0) {
      return NodeRun.of(x.pow(exponent.values()[0]));
    }
    if (run.isWhole(1) && run.wholes(1).values().length == 1) {
      return NodeRun.of(x.pow(run.wholes(1).values()[0]));
    }
    Tensor y = run.tensor(1);
    run.broadcast(x.shape(), y.shape());
    return NodeRun.of(x.pow(y));
  }

  /** A number that the file has, in an input or, in older files, in an attribute. */
  static Optional<Double> number(NodeForm form, int input, String attribute) throws OnnxException {
    if (form.has(attribute)) {
      return Optional.of(form.number(attribute, 0));
    }
    if (!form.hasInput(input)) {
      return Optional.empty();
    }
    Optional<GraphValue> value = form.known(input);
    if (value.isPresent()
        && value.get() instanceof GraphValue.Constant constant
        && constant.values().length == 1) {
      return Optional.of(constant.values()[0]);
    }
    throw form.refused(
        "its input " + input + ", " + attribute + ", is not a number that the file has");
  }

  private static NodeFunction clip(NodeForm form) throws OnnxException {
    Optional<Double> least = number(form, 1, "min");
    Optional<Double> most = number(form, 2, "max");
    return NodeFunction.single(
        run -> {
          Tensor x = run.tensor(0);
          Tensor above = least.isPresent() ? x.maximum(least.get()) : x;
          return NodeRun.of(most.isPresent() ? above.minimum(most.get()) : above);
        });
  }

  private static NodeFunction dropout(NodeForm form) throws OnnxException {
    double p = number(form, 1, "ratio").orElse(0.5);
    form.ignore("seed");
    form.require(p >= 0 && p < 1, "a ratio of " + p + "; 0 or more and below 1 is needed");
    var counter = form.values().counter();
    return run -> {
      Tensor x = run.tensor(0);
      Tensor y = run.mode() == Mode.TRAIN ? NeuralOps.dropout(x, p, counter) : x;
      // The second output, the mask, is for nobody.
      return List.of(NodeRun.of(y), new GraphValue.Absent());
    };
  }
}

package io.hypertape.io.onnx;

import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Tensor;
import io.hypertape.io.onnx.NodeFunction.Factory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Recurrent layers in the direction of time. */
final class RecurrentNodes {

  // Gates of PyTorch's order, which is the one here, by their numbers in ONNX's.
  /** Of i, o, f, c: i, f, g, o. */
  private static final int[] LSTM = {0, 2, 3, 1};

  /** Of z, r, h: r, z, n. */
  private static final int[] GRU = {1, 0, 2};

  private static final int FIRST_STATE = 5;
  private static final int PEEPHOLES = 7;

  private RecurrentNodes() {}

  static Map<String, Factory> all() {
    Map<String, Factory> all = new HashMap<>();
    all.put("LSTM", form -> create(form, LSTM));
    all.put("GRU", form -> create(form, GRU));
    return all;
  }

  private static NodeFunction create(NodeForm form, int[] gates) throws OnnxException {
    boolean isLstm = gates == LSTM;
    String direction = form.text("direction", "forward");
    form.require(
        direction.equals("forward"), "its direction is '" + direction + "'; forward is read");
    form.only("layout", 0);
    form.require(
        !form.has("activations") && !form.has("clip"), "activations of its own are not read");
    form.ignore("hidden_size");
    if (isLstm) {
      form.only("input_forget", 0);
    } else {
      form.require(
          form.integer("linear_before_reset", 0) == 1,
          "its linear_before_reset is 0; 1, as PyTorch has it, is read");
    }
    form.require(!form.hasInput(4), "lengths of sequences are not read");
    form.require(!form.hasInput(PEEPHOLES) || !isLstm, "peepholes are not read");
    return run -> run(run, gates);
  }

  private static List<GraphValue> run(NodeRun run, int[] gates) {
    Tensor x = run.tensor(0);
    int[] recurrent = run.tensor(2).shape();
    if (x.rank() != 3 || recurrent.length != 3 || recurrent[0] != 1) {
      throw new IllegalArgumentException(
          "an input "
              + Arrays.toString(x.shape())
              + " and weights "
              + Arrays.toString(recurrent)
              + "; [steps, batch, inputs] and [1, gates · units, units] are needed");
    }
    int units = recurrent[2];
    int rows = gates.length * units;
    Tensor biases = run.has(3) ? run.tensor(3).reshape(2, rows) : run.session().zeros(2, rows);
    List<Tensor> weights =
        List.of(
            ordered(run.tensor(1).reshape(rows, x.shape()[2]), gates),
            ordered(run.tensor(2).reshape(rows, units), gates),
            ordered(biases.slice(0, 0, 1).reshape(rows), gates),
            ordered(biases.slice(0, 1, 2).reshape(rows), gates));
    run.room(x.shape()[0], x.shape()[1], rows);
    Tensor hidden = state(run, FIRST_STATE, x, units);
    NeuralOps.RecurrentResult result =
        gates == LSTM
            ? NeuralOps.lstm(x, hidden, state(run, FIRST_STATE + 1, x, units), weights)
            : NeuralOps.gru(x, hidden, weights);
    Tensor y = result.output();
    List<GraphValue> outputs = new ArrayList<>();
    outputs.add(NodeRun.of(y.reshape(y.shape()[0], 1, y.shape()[1], y.shape()[2])));
    outputs.add(NodeRun.of(result.hidden()));
    result.cell().ifPresent(cell -> outputs.add(NodeRun.of(cell)));
    return outputs;
  }

  private static Tensor state(NodeRun run, int input, Tensor x, int units) {
    int batch = x.shape()[1];
    return run.has(input)
        ? run.tensor(input).reshape(1, batch, units)
        : run.session().zeros(1, batch, units);
  }

  private static Tensor ordered(Tensor weight, int[] gates) {
    int units = weight.shape()[0] / gates.length;
    List<Tensor> parts = new ArrayList<>();
    for (int gate : gates) {
      parts.add(weight.slice(0, gate * units, (gate + 1) * units));
    }
    return Tensor.concat(0, parts);
  }
}

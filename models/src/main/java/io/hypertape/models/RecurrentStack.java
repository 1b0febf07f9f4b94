package io.hypertape.models;

import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Recurrence.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What LSTM and GRU layers have in common: four parameters a layer, and dropout between layers. */
record RecurrentStack(
    Session session, Cell cell, int hidden, List<List<Parameter>> layers, Dropout dropout) {

  /** Named and started as PyTorch's: uniform on ±1/√hidden. */
  static RecurrentStack create(
      ParameterFactory factory,
      String name,
      Cell cell,
      int inputs,
      int hidden,
      int layers,
      double dropout) {
    if (inputs < 1 || hidden < 1 || layers < 1) {
      throw new IllegalArgumentException(
          name
              + ": "
              + inputs
              + " inputs, "
              + hidden
              + " hidden units, "
              + layers
              + " layers; each must be at least 1");
    }
    int rows = cell.gates() * hidden;
    List<List<Parameter>> stack = new ArrayList<>();
    for (int k = 0; k < layers; k++) {
      stack.add(
          List.of(
              start(factory, name + ".weight_ih_l" + k, hidden, rows, k == 0 ? inputs : hidden),
              start(factory, name + ".weight_hh_l" + k, hidden, rows, hidden),
              start(factory, name + ".bias_ih_l" + k, hidden, rows),
              start(factory, name + ".bias_hh_l" + k, hidden, rows)));
    }
    return new RecurrentStack(
        factory.session(), cell, hidden, List.copyOf(stack), Dropout.create(factory, dropout));
  }

  private static Parameter start(ParameterFactory factory, String name, int hidden, int... shape) {
    return factory.parameter(name, shape, Initializer.pytorchLinear(), hidden, hidden);
  }

  List<Parameter> parameters() {
    return layers.stream().flatMap(List::stream).toList();
  }

  /** A state of zeros, [L, B, H], for an input [T, B, I]. */
  Tensor zeros(Tensor x) {
    if (x.rank() != 3) {
      throw new IllegalArgumentException(
          "recurrent layer: the input has "
              + x.rank()
              + " axes; three are needed: steps, batch, inputs");
    }
    return session.zeros(layers.size(), x.shape()[1], hidden);
  }

  /** The whole sequence through all layers; a GRU takes no c0. */
  NeuralOps.RecurrentResult run(Tensor x, Tensor h0, @Nullable Tensor c0, Mode mode) {
    return run((h, c, weights) -> layers(x, h, c, weights), h0, c0, mode);
  }

  /** The same over embedded symbols. */
  NeuralOps.RecurrentResult run(
      Embedding table, Tensor index, Tensor h0, @Nullable Tensor c0, Mode mode) {
    Tensor rows = table.weight().value();
    return run(
        (h, c, weights) ->
            cell.hasCellState()
                ? NeuralOps.embeddedLstm(rows, index, h, c, weights)
                : NeuralOps.embeddedGru(rows, index, h, weights),
        h0,
        c0,
        mode);
  }

  /** Layers over what the first of them reads. */
  private interface First {
    NeuralOps.RecurrentResult run(Tensor h0, @Nullable Tensor c0, List<Tensor> weights);
  }

  private NeuralOps.RecurrentResult run(First first, Tensor h0, @Nullable Tensor c0, Mode mode) {
    if (dropout.p() == 0 || mode == Mode.EVALUATE || layers.size() == 1) {
      return first.run(h0, c0, values(parameters()));
    }
    // With dropout between layers each runs by itself.
    Tensor y = null;
    List<Tensor> hiddens = new ArrayList<>();
    List<Tensor> cells = new ArrayList<>();
    for (int k = 0; k < layers.size(); k++) {
      Tensor h = h0.slice(0, k, k + 1);
      Tensor c = cell.hasCellState() ? c0.slice(0, k, k + 1) : null;
      List<Tensor> weights = values(layers.get(k));
      NeuralOps.RecurrentResult layer =
          k == 0 ? first.run(h, c, weights) : layers(dropout.forward(y, mode), h, c, weights);
      y = layer.output();
      hiddens.add(layer.hidden());
      layer.cell().ifPresent(cells::add);
    }
    return new NeuralOps.RecurrentResult(
        y,
        Tensor.concat(0, hiddens),
        cells.isEmpty() ? Optional.empty() : Optional.of(Tensor.concat(0, cells)));
  }

  private NeuralOps.RecurrentResult layers(
      Tensor x, Tensor h0, @Nullable Tensor c0, List<Tensor> weights) {
    return cell.hasCellState() ? NeuralOps.lstm(x, h0, c0, weights) : NeuralOps.gru(x, h0, weights);
  }

  private static List<Tensor> values(List<Parameter> parameters) {
    return parameters.stream().map(Parameter::value).toList();
  }
}

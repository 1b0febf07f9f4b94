package io.hypertape.models;

import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Recurrence.Cell;
import io.hypertape.checks.Nulls;
import java.util.List;

/**
 * A stack of LSTM layers, as PyTorch's {@code nn.LSTM}: parameters {@code weight_ih_l0} [4H, I],
 * {@code weight_hh_l0} [4H, H], {@code bias_ih_l0} [4H], {@code bias_hh_l0} [4H], {@code
 * weight_ih_l1} …, gates in the order i, f, g, o.
 */
public final class Lstm implements Layer {

  private final RecurrentStack stack;

  private Lstm(RecurrentStack stack) {
    this.stack = stack;
  }

  /**
   * As PyTorch starts it: uniform on ±1/√hidden.
   *
   * @param factory makes the parameters
   * @param name such as {@code rnn}
   * @param inputs features of the input
   * @param hidden features of every layer's output
   * @param layers their number
   * @param dropout probability to drop a feature between two layers; 0 for none
   * @return the layer
   */
  public static Lstm create(
      ParameterFactory factory, String name, int inputs, int hidden, int layers, double dropout) {
    Nulls.check(factory, "LSTM: factory");
    Nulls.check(name, "LSTM: name");
    return new Lstm(
        RecurrentStack.create(factory, name, Cell.LSTM, inputs, hidden, layers, dropout));
  }

  /**
   * Runs over a sequence from a state of zeros.
   *
   * @param input [steps, batch, inputs]
   * @param mode whether to drop
   * @return [steps, batch, hidden]
   */
  @Override
  public Tensor forward(Tensor input, Mode mode) {
    Nulls.check(input, "LSTM: input");
    Nulls.check(mode, "LSTM: mode");
    return forward(input, stack.zeros(input), stack.zeros(input), mode).output();
  }

  /**
   * Runs over a sequence.
   *
   * @param input [steps, batch, inputs]
   * @param hidden h at the start [layers, batch, hidden]
   * @param cell c at the start [layers, batch, hidden]
   * @param mode whether to drop
   * @return the output [steps, batch, hidden], and h and c in the end
   */
  public NeuralOps.RecurrentResult forward(Tensor input, Tensor hidden, Tensor cell, Mode mode) {
    Nulls.check(input, "LSTM: input");
    Nulls.check(hidden, "LSTM: hidden");
    Nulls.check(cell, "LSTM: cell");
    Nulls.check(mode, "LSTM: mode");
    return stack.run(input, hidden, cell, mode);
  }

  /**
   * Runs over embedded symbols: as over {@code table.forward(index)}, see {@link
   * NeuralOps#embeddedLstm}.
   *
   * @param table a row of inputs for each symbol
   * @param index I32 [steps · batch], numbers of symbols, time-major
   * @param hidden h at the start [layers, batch, hidden]
   * @param cell c at the start [layers, batch, hidden]
   * @param mode whether to drop
   * @return the output [steps, batch, hidden], and h and c in the end
   */
  public NeuralOps.RecurrentResult forward(
      Embedding table, Tensor index, Tensor hidden, Tensor cell, Mode mode) {
    Nulls.check(table, "LSTM: table");
    Nulls.check(index, "LSTM: index");
    Nulls.check(hidden, "LSTM: hidden");
    Nulls.check(cell, "LSTM: cell");
    Nulls.check(mode, "LSTM: mode");
    return stack.run(table, index, hidden, cell, mode);
  }

  /**
   * How much is dropped between two layers in training.
   *
   * @return probability to drop a feature
   */
  public double dropout() {
    return stack.dropout().p();
  }

  @Override
  public List<Parameter> parameters() {
    return stack.parameters();
  }

  @Override
  public List<DropoutCounter> dropoutCounters() {
    return stack.dropout().dropoutCounters();
  }
}

package io.hypertape.models;

import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Recurrence.Cell;
import io.hypertape.checks.Nulls;
import java.util.List;

/**
 * A stack of GRU layers, as PyTorch's {@code nn.GRU}: parameters {@code weight_ih_l0} [3H, I],
 * {@code weight_hh_l0} [3H, H], {@code bias_ih_l0} [3H], {@code bias_hh_l0} [3H], {@code
 * weight_ih_l1} …, gates in the order r, z, n.
 */
public final class Gru implements Layer {

  private final RecurrentStack stack;

  private Gru(RecurrentStack stack) {
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
  public static Gru create(
      ParameterFactory factory, String name, int inputs, int hidden, int layers, double dropout) {
    Nulls.check(factory, "GRU: factory");
    Nulls.check(name, "GRU: name");
    return new Gru(RecurrentStack.create(factory, name, Cell.GRU, inputs, hidden, layers, dropout));
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
    Nulls.check(input, "GRU: input");
    Nulls.check(mode, "GRU: mode");
    return forward(input, stack.zeros(input), mode).output();
  }

  /**
   * Runs over a sequence.
   *
   * @param input [steps, batch, inputs]
   * @param hidden h at the start [layers, batch, hidden]
   * @param mode whether to drop
   * @return the output [steps, batch, hidden], and h in the end
   */
  public NeuralOps.RecurrentResult forward(Tensor input, Tensor hidden, Mode mode) {
    Nulls.check(input, "GRU: input");
    Nulls.check(hidden, "GRU: hidden");
    Nulls.check(mode, "GRU: mode");
    return stack.run(input, hidden, null, mode);
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

package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.LayerKernel;
import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A stack of recurrent layers over a sequence: kernels for the values and their first derivatives,
 * {@link RecurrentDefinition} for all further ones. Inputs are x, h₀, for an LSTM c₀, and four
 * tensors a layer; outputs the last layer's outputs, the last states, and what the derivative's
 * kernel needs to be told. A one-hot x is an index and has no cotangent.
 */
final class RecurrentOp {

  private RecurrentOp() {}

  static NeuralOps.RecurrentResult apply(Recurrence.Cell cell, List<Tensor> inputs) {
    return apply(RecurrentShapes.form(cell, inputs), inputs);
  }

  /**
   * Layers over the rows of a table that an index names, of which none is made where a product of
   * all of the table's rows with the first layer's weight is cheaper: the input is one-hot then,
   * and the weight Wᵢₕ·tableᵀ [G·H, rows].
   */
  static NeuralOps.RecurrentResult applyToRows(
      Recurrence.Cell cell, Tensor table, Tensor index, List<Tensor> others) {
    Recurrence form = RecurrentShapes.form(cell, table, index, others);
    List<Tensor> inputs = new ArrayList<>(others);
    int rows = table.dims()[0];
    // Three products are saved for a pass over the gates and a turned weight.
    if (table.session().backend().readsOneHot() && rows <= index.size() / 2) {
      int weight = cell.hasCellState() ? 2 : 1;
      inputs.set(weight, inputs.get(weight).matmulTransposed(table));
      inputs.add(0, index);
      return apply(
          new Recurrence(
              cell, form.layers(), form.steps(), form.batch(), rows, form.hidden(), true),
          inputs);
    }
    inputs.add(
        0, EmbeddingOps.gather(table, index).reshape(form.steps(), form.batch(), form.inputs()));
    return apply(form, inputs);
  }

  private static NeuralOps.RecurrentResult apply(Recurrence form, List<Tensor> inputs) {
    List<Tensor> outputs =
        FusedOp.of(RecurrentShapes.name(form.cell()), in -> new RecurrentDefinition(form).run(in))
            .withKernel(new Kernel(form))
            .withGradient(new Gradient(form))
            .apply(inputs.stream().map(Tensor::contiguous).toList());
    return new NeuralOps.RecurrentResult(
        outputs.get(0),
        outputs.get(1),
        form.cell().hasCellState() ? Optional.of(outputs.get(2)) : Optional.empty());
  }

  private static int states(Recurrence form) {
    return form.cell().hasCellState() ? 2 : 1;
  }

  private record Kernel(Recurrence form) implements FusedOp.Kernel {
    @Override
    public boolean runsOn(Backend backend) {
      return backend.has(LayerKernel.RECURRENT);
    }

    @Override
    public List<int[]> outputs(List<int[]> inputs) {
      List<int[]> outputs = new ArrayList<>();
      outputs.add(new int[] {form.steps(), form.batch(), form.hidden()});
      for (int s = 0; s < states(form); s++) {
        outputs.add(new int[] {form.layers(), form.batch(), form.hidden()});
      }
      return outputs;
    }

    @Override
    public List<int[]> kept(Backend backend, List<int[]> inputs) {
      return List.of(new int[] {backend.recurrentReserve(form)});
    }

    @Override
    public boolean readsIntegers(int input) {
      return input == 0 && form.oneHot();
    }

    @Override
    public void run(Backend backend, View[] in, View[] out) {
      backend.recurrent(form, in, out);
    }
  }

  private record Gradient(Recurrence form) implements FusedOp.GradientKernel {
    @Override
    public boolean runsOn(Backend backend) {
      return backend.has(LayerKernel.RECURRENT);
    }

    @Override
    public void run(GradientCall call) {
      List<View> in = new ArrayList<>();
      for (int i = 0; i <= states(form); i++) {
        in.add(call.cotangent(i));
      }
      for (int i = 0; i < call.inputs(); i++) {
        in.add(call.input(i));
      }
      in.add(call.output(0));
      in.add(call.output(1 + states(form)));
      View[] out = new View[call.inputs()];
      for (int i = 0; i < out.length; i++) {
        // A one-hot x is an index and has no cotangent.
        out[i] = i == 0 && form.oneHot() ? call.input(0) : call.gradient(i);
      }
      call.backend().recurrentGrad(form, in.toArray(View[]::new), out);
    }
  }
}

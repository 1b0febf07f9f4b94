package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;
import io.hypertape.bindings.cuda.CudaStream;

/**
 * Recurrent layers by cuBLAS's products and own kernels, for want of cuDNN: the input's product for
 * all steps at once, then step by step the state's product and the gates.
 */
final class GemmRecurrentLayers implements RecurrentLayers {

  private final RecurrentSteps steps;
  private final Scratch scratch;
  private final CudaStream stream;

  GemmRecurrentLayers(RecurrentSteps steps, Scratch scratch, CudaStream stream) {
    this.steps = steps;
    this.scratch = scratch;
    this.stream = stream;
  }

  @Override
  public int reserve(Recurrence form) {
    long elements = KeptSteps.bytes(form) / Float.BYTES;
    if (elements > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "recurrence: "
              + elements
              + " intermediates are kept for the backward pass, and a buffer has at most 2147483647"
              + " elements; shorten the sequence or the batch");
    }
    return (int) elements;
  }

  @Override
  public void forward(Recurrence form, View[] in, View[] out) {
    int states = RecurrentLayers.states(form);
    long state = RecurrentLayers.stateBytes(form, 1);
    KeptSteps kept = new KeptSteps(form, CudaStorage.address(out[states + 1]));
    long fromHidden = scratch.reserve(Scratch.Slot.WORKSPACE, form.cell().gates() * state);
    long y = CudaStorage.address(out[0]);
    long x = CudaStorage.address(in[0]);
    for (int layer = 0; layer < form.layers(); layer++) {
      LayerWeights weights = new LayerWeights(in, 1 + states, layer);
      long outputs = layer == form.layers() - 1 ? y : kept.outputs(layer);
      steps.project(form, layer, x, weights, kept.gates(layer));
      long h = CudaStorage.address(in[1]) + layer * state;
      long c = form.cell().hasCellState() ? CudaStorage.address(in[2]) + layer * state : 0;
      for (int t = 0; t < form.steps(); t++) {
        long gates = kept.gates(layer) + 4 * state * t;
        long next = outputs + state * t;
        if (form.cell().hasCellState()) {
          long cells = kept.cells(layer) + state * t;
          steps.lstm(form, weights, gates, h, c, cells, next);
          c = cells;
        } else {
          steps.gru(form, weights, gates, fromHidden, h, next);
        }
        h = next;
      }
      stream.copyOnDevice(h, CudaStorage.address(out[1]) + layer * state, state);
      if (form.cell().hasCellState()) {
        stream.copyOnDevice(c, CudaStorage.address(out[2]) + layer * state, state);
      }
      x = outputs;
    }
  }

  @Override
  public void gradient(Recurrence form, View[] in, View[] out) {
    int states = RecurrentLayers.states(form);
    long state = RecurrentLayers.stateBytes(form, 1);
    long sequence = state * form.steps();
    View[] inputs = new View[1 + states + 4 * form.layers()];
    System.arraycopy(in, 1 + states, inputs, 0, inputs.length);
    long y = CudaStorage.address(in[in.length - 2]);
    KeptSteps kept = new KeptSteps(form, CudaStorage.address(in[in.length - 1]));
    long dGates = scratch.reserve(Scratch.Slot.WORKSPACE, 6 * sequence);
    long upper = CudaStorage.address(in[0]);
    for (int layer = form.layers() - 1; layer >= 0; layer--) {
      LayerWeights weights = new LayerWeights(inputs, 1 + states, layer);
      long outputs = layer == form.layers() - 1 ? y : kept.outputs(layer);
      long h0 = CudaStorage.address(inputs[1]) + layer * state;
      // What comes back from step to step is kept where the first states' cotangents go.
      long dh = CudaStorage.address(out[1]) + layer * state;
      stream.copyOnDevice(CudaStorage.address(in[1]) + layer * state, dh, state);
      long c0 = 0;
      long dc = 0;
      if (form.cell().hasCellState()) {
        c0 = CudaStorage.address(inputs[2]) + layer * state;
        dc = CudaStorage.address(out[2]) + layer * state;
        stream.copyOnDevice(CudaStorage.address(in[2]) + layer * state, dc, state);
      }
      for (int t = form.steps() - 1; t >= 0; t--) {
        long gates = kept.gates(layer) + 4 * state * t;
        long to = dGates + 4 * state * t;
        long dy = upper + state * t;
        if (form.cell().hasCellState()) {
          long c = kept.cells(layer) + state * t;
          long before = t == 0 ? c0 : c - state;
          steps.lstmGradient(form, weights, gates, before, c, dy, dh, dc, to);
        } else {
          long before = t == 0 ? h0 : outputs + state * (t - 1);
          steps.gruGradient(form, weights, gates, before, dy, dh, to);
        }
      }
      long x = layer == 0 ? CudaStorage.address(inputs[0]) : kept.outputs(layer - 1);
      // Two buffers by turns: what the layer above gave is read no more when the next is written.
      long lower =
          layer == 0
              ? CudaStorage.address(out[0])
              : dGates + (4 + (form.layers() - layer) % 2) * sequence;
      LayerWeights gradients = new LayerWeights(out, 1 + states, layer);
      steps.projectGradient(form, layer, dGates, weights, lower);
      steps.weightGradients(form, layer, dGates, x, h0, outputs, gradients);
      upper = lower;
    }
  }
}

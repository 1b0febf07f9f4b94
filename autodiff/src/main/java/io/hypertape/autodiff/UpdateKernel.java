package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A backend's fused update as the kernel of a {@link FusedOp}. */
record UpdateKernel(FusedKernel update) implements FusedOp.Kernel {

  UpdateKernel {
    if (!update.isUpdate()) {
      throw new IllegalArgumentException(
          "update: " + update + " is the derivative of one; an update is needed");
    }
  }

  String name() {
    return "update(" + update + ")";
  }

  @Override
  public boolean runsOn(Backend backend) {
    return backend.fuses(update);
  }

  @Override
  public List<int[]> outputs(List<int[]> inputs) {
    int tensors = 2 + update.states();
    if (inputs.size() != tensors + update.hyperparameters()) {
      throw new IllegalArgumentException(
          name()
              + ": "
              + inputs.size()
              + " inputs; p, g, "
              + update.states()
              + " states and "
              + update.hyperparameters()
              + " hyperparameters are needed");
    }
    int[] shape = inputs.get(0);
    List<int[]> outputs = new ArrayList<>(1 + update.states());
    for (int i = 0; i < inputs.size(); i++) {
      if (i < tensors && !Arrays.equals(shape, inputs.get(i))) {
        throw new IllegalArgumentException(
            name()
                + ": operand "
                + i
                + " has shape "
                + Shapes.text(inputs.get(i))
                + ", the parameter "
                + Shapes.text(shape)
                + "; they must be equal");
      }
      if (i >= tensors && Shapes.size(inputs.get(i)) != 1) {
        throw new IllegalArgumentException(
            name()
                + ": operand "
                + i
                + ", a hyperparameter, has shape "
                + Shapes.text(inputs.get(i))
                + "; a scalar is needed");
      }
      if (i != 1 && i < tensors) {
        outputs.add(shape);
      }
    }
    return outputs;
  }

  @Override
  public void run(Backend backend, View[] in, View[] out) {
    backend.fused(update, in, out);
  }

  /** It knows p' → hyperparameters; nothing else. */
  record Gradient(FusedKernel update, FusedKernel derivative) implements FusedOp.GradientKernel {

    Gradient(FusedKernel update) {
      this(update, FusedKernel.valueOf(update.name() + "_HYPER"));
    }

    private int first() {
      return 2 + update.states();
    }

    @Override
    public boolean runsOn(Backend backend) {
      return backend.fuses(derivative);
    }

    @Override
    public boolean serves(boolean[] given, boolean[] needed) {
      for (int i = 1; i < given.length; i++) {
        if (given[i]) {
          return false;
        }
      }
      for (int i = 0; i < needed.length; i++) {
        if (needed[i] && (i < first() || i >= first() + update.derivatives())) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void run(GradientCall call) {
      View[] in = new View[call.inputs()];
      in[0] = call.cotangent(0);
      for (int i = 1; i < in.length; i++) {
        in[i] = call.input(i);
      }
      View[] out = new View[update.derivatives()];
      for (int k = 0; k < out.length; k++) {
        out[k] = call.gradient(first() + k);
      }
      call.backend().fused(derivative, in, out);
    }
  }
}

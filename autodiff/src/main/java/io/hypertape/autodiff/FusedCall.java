package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.View;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.List;

/** One run of a {@link FusedOp}'s kernel; its derivative is the op's. */
final class FusedCall extends Op {

  private final FusedOp op;
  private final FusedOp.Kernel kernel;
  // How many of the outputs are handed out: known when it ran.
  private int results;

  FusedCall(FusedOp op, FusedOp.Kernel kernel) {
    this.op = op;
    this.kernel = kernel;
  }

  @Override
  String name() {
    return op.name();
  }

  /** Of the outputs those that are not kept for the derivative. */
  List<Tensor> results(List<Tensor> outputs) {
    return outputs.subList(0, results);
  }

  @Override
  List<Tensor> forward(Session session, List<Tensor> inputs) {
    List<int[]> shapes = new ArrayList<>(op.outputs(inputs));
    results = shapes.size();
    shapes.addAll(
        Nulls.checkAll(
            kernel.kept(session.backend(), FusedOp.shapes(inputs)),
            op.name() + ": kernel.kept(backend, inputs)"));
    View[] in = new View[inputs.size()];
    for (int i = 0; i < in.length; i++) {
      in[i] = read(inputs.get(i), i);
    }
    List<Tensor> outputs = new ArrayList<>(shapes.size());
    View[] out = new View[shapes.size()];
    for (int i = 0; i < out.length; i++) {
      Tensor tensor = session.allocate(Shapes.checked(shapes.get(i)));
      outputs.add(tensor);
      out[i] = tensor.view();
    }
    kernel.run(session.backend(), in, out);
    return List.copyOf(outputs);
  }

  private View read(Tensor input, int place) {
    boolean integers = FusedOp.isInteger(input);
    if (integers != kernel.readsIntegers(place)) {
      throw new IllegalArgumentException(
          op.name()
              + ": input "
              + place
              + " is "
              + input.dtype()
              + Shapes.text(input.dims())
              + "; "
              + (integers ? input.session().dtype().name() : "I32")
              + " is needed");
    }
    if (integers && !input.view().isContiguous()) {
      throw new IllegalArgumentException(
          op.name()
              + ": input "
              + place
              + " is I32"
              + Shapes.text(input.dims())
              + " with gaps; dense integers are needed");
    }
    return kernel.readsStrides(place) ? input.view() : input.denseView();
  }

  @Override
  Tensor[] vjp(Node node, Tensor[] cotangents, boolean[] needed) {
    return op.vjp(node, cotangents, needed);
  }
}

package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.View;
import io.hypertape.checks.Nulls;
import java.util.List;

/** A gradient kernel's call at an operation's place on the tape. */
final class NodeGradientCall implements GradientCall {

  private final String op;
  private final Session session;
  private final Node node;
  private final Tensor[] cotangents;
  private final boolean[] needed;
  private final Tensor[] gradients;

  NodeGradientCall(String op, Node node, Tensor[] cotangents, boolean[] needed) {
    this.op = op;
    this.session = node.output().session();
    this.node = node;
    this.cotangents = cotangents;
    this.needed = needed;
    this.gradients = new Tensor[needed.length];
  }

  @Override
  public Backend backend() {
    return session.backend();
  }

  @Override
  public int inputs() {
    return needed.length;
  }

  @Override
  public View cotangent(int result) {
    Tensor cotangent = cotangents[result];
    if (cotangent == null) {
      cotangent = session.allocate(node.outputs().get(result).dims());
      session.backend().fill(0, cotangent.view());
    }
    return cotangent.denseView();
  }

  @Override
  public View input(int input) {
    return node.input(input).denseView();
  }

  @Override
  public View output(int output) {
    return node.outputs().get(output).denseView();
  }

  @Override
  public boolean isNeeded(int input) {
    return needed[input];
  }

  @Override
  public View gradient(int input) {
    if (gradients[input] == null) {
      Tensor like = node.input(input);
      like.requireFloating(op);
      gradients[input] = session.allocate(like.dims());
    }
    return gradients[input].view();
  }

  @Override
  public View scratch(int... shape) {
    Nulls.check(shape, "scratch: shape");
    return session.allocate(Shapes.checked(shape).clone()).view();
  }

  /** What was written; null where not needed. */
  Tensor[] gradients() {
    Tensor[] result = new Tensor[needed.length];
    List<Tensor> inputs = node.inputs();
    for (int i = 0; i < result.length; i++) {
      if (needed[i] && gradients[i] == null && !FusedOp.isInteger(inputs.get(i))) {
        throw new IllegalStateException(
            op
                + ": its gradient kernel says that it serves, but does not give the cotangent of"
                + " input "
                + i
                + " of shape "
                + Shapes.text(inputs.get(i).dims()));
      }
      result[i] = needed[i] ? gradients[i] : null;
    }
    return result;
  }
}

package io.hypertape.autodiff;

import io.hypertape.checks.Nulls;
import java.util.List;
import java.util.function.UnaryOperator;

/** The gradient of a function as one more value of a computation; see {@link Session#gradient}. */
final class InnerGradient {

  private InnerGradient() {}

  static Tensor of(Session session, UnaryOperator<Tensor> function, Tensor at) {
    Scope current = session.scopes().current("gradient");
    at.checkUsable("gradient");
    return current instanceof Tape tape && session.isRecording()
        ? on(tape, function, at, GradientMode.DIFFERENTIABLE)
        : unrecorded(session, function, at);
  }

  private static Tensor on(
      Tape tape, UnaryOperator<Tensor> function, Tensor at, GradientMode mode) {
    Tensor point = at.isTracked() ? lookedAtAnew(at) : tape.watch(at);
    Tensor value = Nulls.check(function.apply(point), "gradient: what the function gives");
    return tape.gradient(value, List.of(point), mode).get(0);
  }

  /** The same on the tape, but only what the function makes of it counts. */
  private static Tensor lookedAtAnew(Tensor at) {
    int[] longer = new int[at.rank() + 1];
    longer[0] = 1;
    System.arraycopy(at.dims(), 0, longer, 1, at.rank());
    return at.reshape(longer).reshape(at.dims());
  }

  /** On a tape of its own, of which the gradient alone remains. */
  private static Tensor unrecorded(Session session, UnaryOperator<Tensor> function, Tensor at) {
    try (Tape tape = session.tape()) {
      boolean recording = session.setRecording(true);
      Tensor gradient;
      try {
        gradient = on(tape, function, at.detach(), GradientMode.FIRST_ORDER);
      } finally {
        session.setRecording(recording);
        tape.suspend();
      }
      return gradient.copy();
    }
  }
}

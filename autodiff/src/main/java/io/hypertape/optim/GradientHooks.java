package io.hypertape.optim;

import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.List;

/** What stands between a tower's gradients and its updates, in the order in which it was added. */
final class GradientHooks {

  private final List<GradientHook> hooks = new ArrayList<>();

  void add(GradientHook hook) {
    hooks.add(hook);
  }

  /** What the hooks make of gradients. */
  Gradients apply(Gradients gradients) {
    Gradients result = gradients;
    for (GradientHook hook : hooks) {
      result = Nulls.check(hook.apply(result), "gradient hook: what it gives");
      if (result.pass() != gradients.pass()) {
        throw new IllegalStateException("gradient hook: it gave gradients of another step");
      }
    }
    return result;
  }
}

package io.hypertape.optim;

/**
 * Stands between the gradients of a step and the update: it sees them, and the update takes what it
 * gives. Clipping is one; so is noise, a penalty, or what several workers agree on.
 *
 * <p>It is a part of the step and recorded with it: it computes with tensors, the same operations
 * each time, and takes nothing from the host. What it writes to buffers is undone with a step that
 * is refused. What has to be done on the host is done between {@link TowerOptimizer#gradients} and
 * {@link TowerOptimizer#update}.
 */
@FunctionalInterface
public interface GradientHook {

  /**
   * Replaces gradients.
   *
   * @param gradients the loss and its gradients, from the hook before this one if there is one
   * @return what the update takes: the same, or one of its {@code with…} forms
   */
  Gradients apply(Gradients gradients);
}

/**
 * Optimizers whose hyperparameters are tape leaves, so that optimizers tune optimizers: 'Gradient
 * Descent: The Ultimate Optimizer' (Chandra, Xie, Ragan-Kelley, Meijer; NeurIPS 2022, arXiv
 * 1909.13371). A {@link io.hypertape.optim.Tower} describes a stack of {@link
 * io.hypertape.optim.Optimizer}s; {@link io.hypertape.optim.Tower#bind} sets it to work.
 */
@NullMarked
package io.hypertape.optim;

import org.jspecify.annotations.NullMarked;

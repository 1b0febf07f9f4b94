/**
 * The study of how far optimizers depend on the step size that they start from: tasks, optimizers,
 * ten starts, several seeds, beside constant and cosine step sizes that are tuned on held-back
 * data.
 */
package io.hypertape.benchmarks.study;

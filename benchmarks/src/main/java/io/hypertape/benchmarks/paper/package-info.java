/**
 * The experiments of 'Gradient Descent: The Ultimate Optimizer', with the paper's figures beside.
 */
package io.hypertape.benchmarks.paper;

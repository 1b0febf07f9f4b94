/**
 * What of the tape's machinery only this library's own optimizers, models and benchmarks use. It is
 * exported to them alone, and knows no type of {@code io.hypertape.autodiff}, which implements it.
 */
@NullMarked
package io.hypertape.autodiff.internal;

import org.jspecify.annotations.NullMarked;

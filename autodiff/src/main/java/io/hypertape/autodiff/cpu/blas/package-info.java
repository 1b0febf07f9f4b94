/** Large matrix products of the processor's backend by a BLAS that the user has. */
@NullMarked
package io.hypertape.autodiff.cpu.blas;

import org.jspecify.annotations.NullMarked;

/** The backend of the processor, on vector-kernels. */
@NullMarked
package io.hypertape.autodiff.cpu;

import org.jspecify.annotations.NullMarked;

/** The narrow interface between tensors and the machine, and the values that cross it. */
@NullMarked
package io.hypertape.autodiff.backend;

import org.jspecify.annotations.NullMarked;

/** The way of this library's own modules to what the tape's machinery hides from all others. */
@NullMarked
package io.hypertape.autodiff.access;

import org.jspecify.annotations.NullMarked;

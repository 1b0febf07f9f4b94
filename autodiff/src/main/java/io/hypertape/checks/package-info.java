/** Checks of arguments and what is done with failures, for this library's modules alone. */
@NullMarked
package io.hypertape.checks;

import org.jspecify.annotations.NullMarked;

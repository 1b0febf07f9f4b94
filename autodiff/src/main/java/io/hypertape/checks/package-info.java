/** Checks of arguments, for this library's modules alone. */
@NullMarked
package io.hypertape.checks;

import org.jspecify.annotations.NullMarked;

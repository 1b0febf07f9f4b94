/** Files of weights. */
@NullMarked
package io.hypertape.io;

import org.jspecify.annotations.NullMarked;

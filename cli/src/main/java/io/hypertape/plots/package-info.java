/** Pictures of runs. For this library's modules alone. */
@NullMarked
package io.hypertape.plots;

import org.jspecify.annotations.NullMarked;

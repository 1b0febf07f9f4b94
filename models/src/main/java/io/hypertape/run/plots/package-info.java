/** Pictures of runs. For this library's modules alone. */
@NullMarked
package io.hypertape.run.plots;

import org.jspecify.annotations.NullMarked;

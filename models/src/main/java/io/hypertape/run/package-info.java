/** Training runs: the loop, and the folder that keeps what came of it. */
@NullMarked
package io.hypertape.run;

import org.jspecify.annotations.NullMarked;

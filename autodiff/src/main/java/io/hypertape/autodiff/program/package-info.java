/**
 * Computations as the work that they ask of a backend: taken down once, then done again and again,
 * by many at once, without the tensors, the session or the thread that they came from. It is for
 * this library's own modules.
 */
@NullMarked
package io.hypertape.autodiff.program;

import org.jspecify.annotations.NullMarked;

/**
 * Tensors and the tape. A {@link io.hypertape.autodiff.Session} owns a backend; a {@link
 * io.hypertape.autodiff.Scope} owns what is computed while it is open; a {@link
 * io.hypertape.autodiff.Tape} is a scope that also records, for {@link
 * io.hypertape.autodiff.Tape#gradient}.
 */
@NullMarked
package io.hypertape.autodiff;

import org.jspecify.annotations.NullMarked;

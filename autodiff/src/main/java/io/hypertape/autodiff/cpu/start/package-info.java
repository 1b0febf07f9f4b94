/**
 * Which kernels of the processor run when: vector ones where this JVM is known to make them fast;
 * of those the scalar twins first, in the same bits, and vectors as soon as they are compiled.
 */
@NullMarked
package io.hypertape.autodiff.cpu.start;

import org.jspecify.annotations.NullMarked;

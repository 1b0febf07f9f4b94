/**
 * Which kernels of the processor run when: scalar ones first, in the same bits, and vectors as soon
 * as the JVM has compiled them.
 */
@NullMarked
package io.hypertape.autodiff.cpu.start;

import org.jspecify.annotations.NullMarked;

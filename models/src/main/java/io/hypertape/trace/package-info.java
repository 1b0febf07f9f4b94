/**
 * Reference traces: what the paper's own code computes step by step, replayed to compare. The
 * format is described in docs/paper.md.
 */
@NullMarked
package io.hypertape.trace;

import org.jspecify.annotations.NullMarked;

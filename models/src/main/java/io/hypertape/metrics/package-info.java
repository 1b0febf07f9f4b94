/**
 * How well predictions do: each metric takes batches one after another, and adds up what several of
 * it have seen, as on the threads or parts of a large set.
 */
@NullMarked
package io.hypertape.metrics;

import org.jspecify.annotations.NullMarked;

/**
 * How a batch is divided into logical shards, whose number a run keeps while the number of workers
 * that share them may change without a change of bits: {@link io.hypertape.shards.Shards} says into
 * how many, an {@link io.hypertape.shards.Exchange} joins what several workers have.
 */
@NullMarked
package io.hypertape.shards;

import org.jspecify.annotations.NullMarked;

/**
 * Experiments made of parts that are run several at once, kept in a file each and never run twice:
 * one that was stopped goes on with the same command.
 */
package io.hypertape.benchmarks.parts;

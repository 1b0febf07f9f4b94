/**
 * Data sets: MNIST from files or the network, digits that the program draws itself, mini-batches.
 */
package io.hypertape.data;

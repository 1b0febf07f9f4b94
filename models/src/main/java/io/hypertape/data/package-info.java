/**
 * Data sets: MNIST and CIFAR-10 from files or the network, folders of images, texts, digits that
 * the program draws itself; normalization, augmentation and mini-batches.
 */
@NullMarked
package io.hypertape.data;

import org.jspecify.annotations.NullMarked;

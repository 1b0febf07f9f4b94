/** Layers, models, losses and initialisers. */
@NullMarked
package io.hypertape.models;

import org.jspecify.annotations.NullMarked;

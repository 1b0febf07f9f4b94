/** Layers, models, losses and initialisers. */
package io.hypertape.models;

/** Prediction for services: models that any number of threads ask at the same time. */
@NullMarked
package io.hypertape.predict;

import org.jspecify.annotations.NullMarked;

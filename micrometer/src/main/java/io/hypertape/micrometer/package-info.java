/** Meters of training and prediction for Micrometer. */
@NullMarked
package io.hypertape.micrometer;

import org.jspecify.annotations.NullMarked;

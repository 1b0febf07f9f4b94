/** Meters of training and prediction for Micrometer. */
module io.hypertape.micrometer {
  requires transitive io.hypertape.models;
  requires transitive micrometer.core;
  requires static org.jspecify;

  exports io.hypertape.micrometer;
}

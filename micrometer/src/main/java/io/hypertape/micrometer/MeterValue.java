package io.hypertape.micrometer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/** A number that one thread sets and a registry reads whenever it likes; no number at first. */
final class MeterValue {

  private final String name;
  private final String help;
  private final Tags tags;
  private volatile double value = Double.NaN;

  MeterValue(String name, String help, Tags tags) {
    this.name = name;
    this.help = help;
    this.tags = tags;
  }

  void set(double newValue) {
    value = newValue;
  }

  private double get() {
    return value;
  }

  void bindTo(MeterRegistry registry) {
    Gauge.builder(name, this, MeterValue::get)
        .description(help)
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }
}

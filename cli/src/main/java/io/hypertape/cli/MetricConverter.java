package io.hypertape.cli;

import io.hypertape.run.Metric;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a metric's name, {@code test error}. */
final class MetricConverter implements ITypeConverter<Metric> {

  @Override
  public Metric convert(String text) {
    try {
      return Metric.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}

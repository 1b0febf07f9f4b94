package io.hypertape.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a schedule's text. */
final class ScheduleConverter implements ITypeConverter<ScheduleText> {

  @Override
  public ScheduleText convert(String text) {
    try {
      return ScheduleText.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}

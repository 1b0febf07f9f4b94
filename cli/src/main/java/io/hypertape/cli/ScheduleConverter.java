package io.hypertape.cli;

import io.hypertape.optim.StepSchedule;
import io.hypertape.optim.TowerSyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a schedule's text; errors point at the character. */
final class ScheduleConverter implements ITypeConverter<StepSchedule> {

  @Override
  public StepSchedule convert(String text) {
    try {
      return StepSchedule.parse(text);
    } catch (TowerSyntaxException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}

package io.hypertape.cli;

import io.hypertape.run.Metric;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads what a run waits for, {@code METRIC stops improving}. */
final class UntilConverter implements ITypeConverter<CoolDownOptions.Until> {

  static final String STOPS = "stops improving";
  private static final Pattern TEXT =
      Pattern.compile("\\s*(.*?)\\s+stops\\s+improving\\s*", Pattern.CASE_INSENSITIVE);

  @Override
  public CoolDownOptions.Until convert(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'"
              + text
              + "'; what fits is METRIC "
              + STOPS
              + ", as in \""
              + new CoolDownOptions.Until(Metric.TEST_ERROR)
              + "\"");
    }
    try {
      return new CoolDownOptions.Until(Metric.parse(matcher.group(1)));
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}

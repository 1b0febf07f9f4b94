package io.hypertape.cli;

import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerSyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a tower's text; errors point at the character. */
final class TowerConverter implements ITypeConverter<Tower> {

  @Override
  public Tower convert(String text) {
    try {
      return Tower.parse(text);
    } catch (TowerSyntaxException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}

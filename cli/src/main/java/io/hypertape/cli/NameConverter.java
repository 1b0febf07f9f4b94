package io.hypertape.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of one of several things; an error lists them as they are to be written. */
final class NameConverter<T> implements ITypeConverter<T> {

  private final String what;
  private final T[] values;

  NameConverter(String what, T[] values) {
    this.what = what;
    this.values = values;
  }

  @Override
  public T convert(String name) {
    for (T value : values) {
      if (value.toString().equalsIgnoreCase(name)) {
        return value;
      }
    }
    throw new TypeConversionException(
        "unknown "
            + what
            + " '"
            + name
            + "'; known are "
            + Arrays.stream(values).map(T::toString).collect(Collectors.joining(", ")));
  }
}

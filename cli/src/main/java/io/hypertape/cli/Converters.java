package io.hypertape.cli;

import io.hypertape.autodiff.backend.BlasChoice;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads numbers, paths and the like as options have them; an error says what would fit. */
final class Converters {

  private Converters() {}

  /** Sets them up for a command and all below it. */
  static void register(CommandLine line) {
    ITypeConverter<Integer> whole =
        text -> whole(text, Integer::valueOf, Integer.MIN_VALUE, Integer.MAX_VALUE);
    ITypeConverter<Long> wide = text -> whole(text, Long::valueOf, Long.MIN_VALUE, Long.MAX_VALUE);
    line.registerConverter(Integer.class, whole);
    line.registerConverter(int.class, whole);
    line.registerConverter(Long.class, wide);
    line.registerConverter(long.class, wide);
    line.registerConverter(Double.class, Converters::real);
    line.registerConverter(double.class, Converters::real);
    line.registerConverter(Path.class, Converters::path);
    line.registerConverter(BlasChoice.class, Converters::blas);
  }

  private static <T> T whole(String text, Function<String, T> parse, long least, long most) {
    try {
      return parse.apply(text.strip());
    } catch (NumberFormatException e) {
      throw new TypeConversionException(
          text.strip().matches("[+-]?[0-9]+")
              ? text + " does not fit; numbers from " + least + " to " + most + " do"
              : "'" + text + "' is no whole number");
    }
  }

  private static double real(String text) {
    double value;
    try {
      value = Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is no number");
    }
    if (!Double.isFinite(value)) {
      throw new TypeConversionException("'" + text + "' is no finite number");
    }
    return value;
  }

  private static BlasChoice blas(String text) {
    try {
      return BlasChoice.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  /** An empty path would be the current folder, which nobody means who writes one. */
  static Path path(String text) {
    if (text.isBlank()) {
      throw new TypeConversionException(
          "the path is empty; name a file or folder (the current folder is .)");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("no path: " + e.getMessage());
    }
  }
}

package io.hypertape.optim;

import java.util.Locale;

/** Checks of hyperparameters' initial values, and their text. */
final class Arguments {

  private Arguments() {}

  static double stepSize(String optimizer, String name, double value) {
    return within(optimizer, name, value, value >= 0, "a finite number of 0 or more");
  }

  static double positive(String optimizer, String name, double value) {
    return within(optimizer, name, value, value > 0, "a finite number above 0");
  }

  static void share(String what, String name, double value) {
    within(what, name, value, value > 0 && value <= 1, "above 0 and at most 1");
  }

  static double fraction(String optimizer, String name, double value) {
    return within(optimizer, name, value, value > 0 && value < 1, "between 0 and 1, both excluded");
  }

  static double momentum(String optimizer, String name, double value) {
    return within(optimizer, name, value, value >= 0 && value < 1, "0 or more and below 1");
  }

  /** A factor of growth: infinite for no limit. */
  static double growth(String optimizer, String name, double value) {
    if (!(value >= 1)) {
      throw new IllegalArgumentException(
          optimizer + ": " + name + " is " + value + "; it must be 1 or more, or infinite");
    }
    return value;
  }

  /** What is on or off. */
  static boolean flag(String optimizer, String name, double value) {
    return within(optimizer, name, value, value == 0 || value == 1, "0 (off) or 1 (on)") == 1;
  }

  private static double within(
      String optimizer, String name, double value, boolean fits, String what) {
    if (!fits || Double.isNaN(value) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          optimizer + ": " + name + " is " + value + "; it must be " + what);
    }
    return value;
  }

  /** The shortest decimal text that reads back as the same number: 0.01, 1e-5. */
  static String number(double value) {
    String text = Double.toString(value).toLowerCase(Locale.ROOT);
    text = text.replace(".0e", "e");
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /** {@code name(first, key=value, …)}, leaving out what equals its default. */
  static String call(String name, double first, Object... keyValueDefault) {
    return with(name + "(" + number(first) + ")", keyValueDefault);
  }

  /** A call with further arguments, leaving out what equals its default. */
  static String with(String call, Object... keyValueDefault) {
    StringBuilder text = new StringBuilder(call.substring(0, call.length() - 1));
    for (int i = 0; i < keyValueDefault.length; i += 3) {
      double value = (Double) keyValueDefault[i + 1];
      if (value != (Double) keyValueDefault[i + 2]) {
        text.append(text.charAt(text.length() - 1) == '(' ? "" : ", ")
            .append(keyValueDefault[i])
            .append('=')
            .append(number(value));
      }
    }
    return text.append(')').toString();
  }
}

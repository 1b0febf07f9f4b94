package io.hypertape.autodiff;

/** What a program's operator should know. Loggers are made here, as late as there is something. */
final class Log {

  private Log() {}

  static void warn(Class<?> from, String text, Throwable cause) {
    of(from).log(System.Logger.Level.WARNING, text, cause);
  }

  static void debug(Class<?> from, String text) {
    of(from).log(System.Logger.Level.DEBUG, text);
  }

  /** A JVM's first logger takes 30 ms, and most never have anything to say. */
  private static System.Logger of(Class<?> from) {
    return System.getLogger(from.getName());
  }
}

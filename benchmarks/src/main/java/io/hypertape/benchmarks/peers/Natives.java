package io.hypertape.benchmarks.peers;

/** What calls of native functions have in common. */
final class Natives {

  private Natives() {}

  /** Wraps what a method handle threw, unless it needs no wrapping. */
  static RuntimeException rethrow(String function, Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException known
        ? known
        : new IllegalStateException(function + " failed", e);
  }
}

package io.hypertape.bindings.cuda;

/**
 * The one place where a library's status is looked at. The test is a comparison that inlines away;
 * what a failure needs (names, texts, arguments) is made only when there is one.
 */
final class Status {

  /** What every one of the libraries returns if all is well. */
  static final int SUCCESS = 0;

  private Status() {}

  static void check(int status, NativeFunction call) {
    if (status != SUCCESS) {
      throw failure(status, call);
    }
  }

  static void check(int status, NativeFunction call, long a) {
    if (status != SUCCESS) {
      throw failure(status, call, a);
    }
  }

  static void check(int status, NativeFunction call, long a, long b) {
    if (status != SUCCESS) {
      throw failure(status, call, a, b);
    }
  }

  static void check(int status, NativeFunction call, long a, long b, long c) {
    if (status != SUCCESS) {
      throw failure(status, call, a, b, c);
    }
  }

  static void check(int status, NativeFunction call, long a, long b, long c, long d) {
    if (status != SUCCESS) {
      throw failure(status, call, a, b, c, d);
    }
  }

  static void check(int status, NativeFunction call, String a) {
    if (status != SUCCESS) {
      throw failure(status, call, a);
    }
  }

  /** What to throw, for a call with more arguments than {@code check} takes. */
  static CudaException failure(int status, NativeFunction call, Object... arguments) {
    Api api = call.api();
    // The library's own words first: they are gone after the next call.
    String text = api.text(status);
    api.forget();
    DeviceLoss.Verdict loss = DeviceLoss.of(api, status);
    String told = text + loss.text();
    String what = call.describe(arguments);
    return new CudaException(call.name(), status, api.name(status), told, what, loss.isLost());
  }
}

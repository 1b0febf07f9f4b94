package io.hypertape.data;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.CancellationException;

/** Ends long reading when its thread is interrupted, whose status is kept. */
final class Cancelling {

  private Cancelling() {}

  /** A stream whose reading ends so. */
  static InputStream stream(InputStream in, Object what) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        check(what);
        return super.read();
      }

      @Override
      public int read(byte[] target, int from, int length) throws IOException {
        check(what);
        return super.read(target, from, length);
      }

      @Override
      public long skip(long count) throws IOException {
        check(what);
        return super.skip(count);
      }
    };
  }

  static void check(Object what) throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException(what + ": reading was interrupted");
    }
  }

  /** For work that other threads share. */
  static void check(Object what, Thread caller) {
    if (caller.isInterrupted()) {
      throw new CancellationException(what + ": interrupted");
    }
  }
}

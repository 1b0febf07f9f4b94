package io.hypertape.data;

import io.hypertape.io.guard.FileProblem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;

/** Ends long reading when its thread is interrupted, whose status is kept. */
final class Cancelling {

  private Cancelling() {}

  /** A file's stream whose reading ends so, and whose errors name the file. */
  static InputStream stream(InputStream in, Path what) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        check(what);
        try {
          return super.read();
        } catch (IOException e) {
          throw FileProblem.named(what, e);
        }
      }

      @Override
      public int read(byte[] target, int from, int length) throws IOException {
        check(what);
        try {
          return super.read(target, from, length);
        } catch (IOException e) {
          throw FileProblem.named(what, e);
        }
      }

      @Override
      public long skip(long count) throws IOException {
        check(what);
        try {
          return super.skip(count);
        } catch (IOException e) {
          throw FileProblem.named(what, e);
        }
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

package io.hypertape.spark.exchange;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Ends of connections. */
final class Sockets {

  private Sockets() {}

  /** Closes it; that it cannot even be closed helps nobody. */
  static void close(@Nullable Closeable end) {
    if (end != null) {
      try {
        end.close();
      } catch (IOException e) {
        System.getLogger(Sockets.class.getName())
            .log(System.Logger.Level.DEBUG, "cannot be closed: {0}", e.getMessage());
      }
    }
  }
}

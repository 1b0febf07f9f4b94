package io.hypertape.data;

import java.time.Duration;
import java.util.Locale;

/** Tells a slow download from one that has stalled: so many bytes must come in any such time. */
final class DownloadPace {

  /**
   * What is demanded.
   *
   * @param window time in which
   * @param bytes so many must come, or the end
   */
  record Limit(Duration window, long bytes) {}

  private final Limit limit;
  // When, and how many had come, at the last time that enough had.
  private long markNanos;
  private long markBytes;

  DownloadPace(Limit limit, long nanos) {
    this.limit = limit;
    this.markNanos = nanos;
  }

  void received(long bytes, long nanos) {
    if (bytes - markBytes >= limit.bytes()) {
      markBytes = bytes;
      markNanos = nanos;
    }
  }

  /** Time in which enough must have come; zero or less if it is over. */
  Duration left(long nanos) {
    return limit.window().minusNanos(nanos - markNanos);
  }

  /** Of a download that has stalled. */
  String stalled(long received, long size) {
    long came = received - markBytes;
    double seconds = limit.window().toNanos() * 1e-9;
    return String.format(
        Locale.ROOT,
        "stalled after %d of %d bytes: %d came within %.0f s (%.1f bytes/s), fewer than %d",
        received,
        size,
        came,
        seconds,
        came / seconds,
        limit.bytes());
  }
}

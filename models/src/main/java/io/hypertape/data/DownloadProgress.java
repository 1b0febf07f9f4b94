package io.hypertape.data;

/** Hears how a download goes. */
@FunctionalInterface
public interface DownloadProgress {

  /**
   * Bytes have arrived.
   *
   * @param file name of the file
   * @param received bytes so far
   * @param total bytes of the whole file
   */
  void update(String file, long received, long total);
}

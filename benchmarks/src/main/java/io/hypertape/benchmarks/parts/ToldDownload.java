package io.hypertape.benchmarks.parts;

import io.hypertape.data.DownloadProgress;
import java.io.PrintStream;

/** Tells of each file that is downloaded, once. */
public final class ToldDownload implements DownloadProgress {

  private final PrintStream err;
  private String current = "";

  /**
   * Nothing is downloaded yet.
   *
   * @param err where to tell
   */
  public ToldDownload(PrintStream err) {
    this.err = err;
  }

  @Override
  public void update(String file, long received, long total) {
    if (!file.equals(current)) {
      current = file;
      err.println("downloading " + file + ", " + total + " bytes");
    }
  }
}

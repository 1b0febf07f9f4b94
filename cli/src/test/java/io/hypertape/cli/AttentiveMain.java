package io.hypertape.cli;

import io.hypertape.cli.spi.IgnoredSignals;

/** The command in a process that hears Ctrl-C, even if it was started to ignore it. */
final class AttentiveMain {

  private AttentiveMain() {}

  public static void main(String[] args) throws Throwable {
    IgnoredSignals.letCome(2);
    Main.main(args);
  }
}

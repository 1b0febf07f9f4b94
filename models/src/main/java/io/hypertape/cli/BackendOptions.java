package io.hypertape.cli;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import picocli.CommandLine.Option;

/** The options that say where to compute. */
final class BackendOptions {

  @Option(
      names = "--backend",
      paramLabel = "auto|cpu|cuda|reference",
      description = "where to compute (default: ${DEFAULT-VALUE})")
  private Device device = Device.AUTO;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads of the cpu backend (default: one a processor)")
  private int threads;

  BackendOptions() {}

  Device device() {
    return device;
  }

  SessionOptions options() {
    return SessionOptions.of(device).withThreads(threads);
  }

  Session open() {
    return Session.open(options());
  }
}

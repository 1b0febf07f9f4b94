package io.hypertape.benchmarks.parts;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import java.io.PrintStream;
import java.util.Locale;

/**
 * What computes, and how many parts at once suit it.
 *
 * @param device which backend was chosen
 * @param description what decides the bits of its results
 * @param jobs parts at once: one on a GPU, elsewhere one a processor
 */
public record ChosenBackend(Device device, String description, int jobs) {

  /**
   * Opens a session, and looks which backend it got.
   *
   * @param options with one thread
   * @param err where to tell
   * @return what was chosen
   */
  public static ChosenBackend of(SessionOptions options, PrintStream err) {
    Device chosen;
    try (Session session = Session.open(options)) {
      err.println(session.description());
      chosen = Device.valueOf(session.backendName().toUpperCase(Locale.ROOT));
    }
    // By its name: auto's description also says why it is not another, which decides no result.
    try (Session session =
        Session.open(new SessionOptions(chosen, options.precision(), 1, options.simd()))) {
      return new ChosenBackend(
          chosen,
          session.description(),
          chosen == Device.CUDA ? 1 : Runtime.getRuntime().availableProcessors());
    }
  }
}

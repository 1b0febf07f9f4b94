package io.hypertape.autodiff.backend;

import io.hypertape.checks.Nulls;
import java.util.Optional;

/**
 * Makes backends of one kind. Those of others are found by {@link java.util.ServiceLoader}: a
 * module says {@code provides io.hypertape.autodiff.backend.BackendProvider with …}, a jar on the
 * class path names its class in {@code
 * META-INF/services/io.hypertape.autodiff.backend.BackendProvider}. A provider is public and has a
 * public constructor without parameters.
 */
public interface BackendProvider {

  /** {@link #priority} of a backend that runs only if it is asked for. */
  int BY_NAME_ONLY = -1;

  /**
   * What users call the backend, as in {@code --backend NAME}.
   *
   * @return lower-case letters, digits and hyphens; not {@code auto}, which stands for the choice
   */
  String name();

  /**
   * Its place in the automatic choice: of those that can be used the one of the highest priority is
   * taken. The cuda backend has 200 and the cpu backend 100.
   *
   * @return 0 or more, or {@link #BY_NAME_ONLY}, as it is unless an implementation says otherwise
   */
  default int priority() {
    return BY_NAME_ONLY;
  }

  /**
   * Why it cannot be used here, as far as that is known without opening it.
   *
   * @param settings what is asked for
   * @return the reason and what would help, in one line; nothing unless an implementation says
   *     otherwise
   */
  default Optional<String> unavailable(BackendSettings settings) {
    Nulls.check(settings, "unavailable: settings");
    return Optional.empty();
  }

  /**
   * Opens a backend for one session, which closes it.
   *
   * @param settings what is asked for; what does not concern this backend may be ignored
   * @return a new backend
   * @throws IllegalStateException if it cannot be used here; the message says why and what would
   *     help, in one line
   */
  Backend create(BackendSettings settings);
}

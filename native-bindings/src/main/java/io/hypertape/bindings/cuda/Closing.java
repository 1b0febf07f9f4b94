package io.hypertape.bindings.cuda;

import java.util.List;

/**
 * Closes several resources: all of them, whatever one of them does. What refuses is asked again at
 * once, for nobody may come back to it: a call that failed for a reason that has passed costs
 * nothing, then. It is told all the same.
 */
final class Closing {

  /** How often a resource is asked to close. */
  static final int ATTEMPTS = 3;

  private Closing() {}

  /**
   * Closes all and throws the first failure, which carries the others; not the hundreds that only
   * say again that the device is lost.
   */
  static void all(List<? extends AutoCloseable> resources) {
    Throwable first = null;
    for (AutoCloseable resource : resources) {
      first = close(resource, first);
    }
    if (first instanceof Error error) {
      throw error;
    }
    if (first != null) {
      throw (RuntimeException) first;
    }
  }

  /** Closes a resource that could not be made ready; the failure goes on, and carries more. */
  static void after(Throwable failure, AutoCloseable resource) {
    close(resource, failure);
  }

  /** Gives the first failure: the one before, which carries this one's, or this one's; or null. */
  private static Throwable close(AutoCloseable resource, Throwable before) {
    Throwable first = before;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        resource.close();
        return first;
      } catch (Throwable t) {
        first = join(first, unchecked(resource, t));
        if (isLoss(t)) {
          return first;
        }
      }
    }
    return first;
  }

  private static Throwable unchecked(AutoCloseable resource, Throwable failure) {
    return failure instanceof RuntimeException || failure instanceof Error
        ? failure
        : new IllegalStateException(resource + " could not be closed", failure);
  }

  private static Throwable join(Throwable first, Throwable more) {
    if (first == null) {
      return more;
    }
    // No exception may suppress itself, and that the device is lost is said once.
    if (first != more && !(isLoss(first) && isLoss(more))) {
      first.addSuppressed(more);
    }
    return first;
  }

  private static boolean isLoss(Throwable t) {
    return t instanceof CudaException failure && failure.isDeviceLost();
  }
}

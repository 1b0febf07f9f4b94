package io.hypertape.bindings.cuda;

import java.util.List;

/** Closes several resources: all of them, whatever one of them does. */
final class Closing {

  private Closing() {}

  /**
   * Closes all and throws the first failure, which carries the others; not the hundreds that only
   * say again that the device is lost.
   */
  static void all(List<? extends AutoCloseable> resources) {
    RuntimeException first = null;
    for (AutoCloseable resource : resources) {
      try {
        resource.close();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else if (!(isLoss(first) && isLoss(e))) {
          first.addSuppressed(e);
        }
      } catch (Exception e) {
        throw new IllegalStateException(resource + " could not be closed", e);
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private static boolean isLoss(RuntimeException e) {
    return e instanceof CudaException failure && failure.isDeviceLost();
  }

  /** Closes a resource that could not be made ready; the failure goes on, and carries more. */
  static void after(Throwable failure, AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      failure.addSuppressed(e);
    }
  }
}

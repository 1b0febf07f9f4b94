package io.hypertape.autodiff.cuda;

import io.hypertape.bindings.cuda.CudaException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Things to be closed in the reverse order of their opening. Every one is closed, whatever the
 * others throw: the first failure is thrown with the rest suppressed. What refuses is asked again
 * at once, because what it depends on is closed next. That the device is lost is said once.
 */
final class CloseStack implements AutoCloseable {

  /** How often a resource is asked to close. */
  private static final int ATTEMPTS = 3;

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T resource) {
    opened.push(resource);
    return resource;
  }

  /** Closes after a failure, to which failures of closing are attached. */
  void closeAfter(Throwable failure) {
    try {
      close();
    } catch (RuntimeException | Error e) {
      if (e != failure) {
        failure.addSuppressed(e);
      }
    }
  }

  @Override
  public void close() {
    List<Throwable> failures = new ArrayList<>();
    while (!opened.isEmpty()) {
      AutoCloseable resource = opened.pop();
      for (int attempt = 1; attempt <= ATTEMPTS && !isClosed(resource, failures); attempt++) {
        continue;
      }
    }
    if (failures.isEmpty()) {
      return;
    }
    Throwable first = failures.removeFirst();
    failures.forEach(first::addSuppressed);
    if (first instanceof Error error) {
      throw error;
    }
    throw first instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(first);
  }

  private static boolean isLoss(Throwable e) {
    return e instanceof CudaException failure && failure.isDeviceLost();
  }

  private static boolean isClosed(AutoCloseable resource, List<Throwable> failures) {
    try {
      resource.close();
      return true;
    } catch (Throwable failure) {
      // Not itself a second time: no exception may suppress itself.
      if (!failures.contains(failure)
          && !(isLoss(failure) && failures.stream().anyMatch(CloseStack::isLoss))) {
        failures.add(failure);
      }
      return false;
    }
  }
}

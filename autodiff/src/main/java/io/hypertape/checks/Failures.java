package io.hypertape.checks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Does several things that belong together, such as closing, whatever some of them throw. */
public final class Failures {

  /** More than anybody reads; of a device that is lost each piece of memory says so. */
  private static final int MOST_SUPPRESSED = 8;

  private static final int ATTEMPTS = 3;

  private Failures() {}

  /**
   * Does all, in order, and throws the first failure in the end, which carries the others.
   *
   * @param parts what to do
   */
  public static void joined(List<? extends Runnable> parts) {
    Nulls.checkAll(parts, "joined: parts");
    @Nullable Throwable first = null;
    for (Runnable part : parts) {
      try {
        part.run();
      } catch (RuntimeException | Error e) {
        first = join(first, e);
      }
    }
    if (first instanceof Error error) {
      throw error;
    }
    if (first != null) {
      throw (RuntimeException) first;
    }
  }

  /**
   * Does something that there is no other way out of, such as putting back what failed half-way: if
   * it fails, it is tried again at once, twice.
   *
   * @param work what to do; it may have been done in part before
   */
  public static void insistently(Runnable work) {
    Nulls.check(work, "insistently: work");
    for (int attempt = 1; ; attempt++) {
      try {
        work.run();
        return;
      } catch (RuntimeException | Error e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static Throwable join(@Nullable Throwable first, Throwable more) {
    if (first == null) {
      return more;
    }
    if (first != more && first.getSuppressed().length < MOST_SUPPRESSED) {
      first.addSuppressed(more);
    }
    return first;
  }
}

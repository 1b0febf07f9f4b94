package io.hypertape.autodiff.cpu.start;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this thread has allocated on the heap: vectors are objects wherever C2 has not compiled what
 * makes them, and no other part of a kernel allocates.
 */
final class AllocatedBytes {

  private static final boolean KNOWN = known();

  private AllocatedBytes() {}

  private static boolean known() {
    // An image without jdk.management, or a JVM of another make, does not tell.
    try {
      return ModuleLayer.boot().findModule("jdk.management").isPresent() && Counter.isSupported();
    } catch (LinkageError e) {
      return false;
    }
  }

  /** Bytes since the thread was started; always 0 where that is not known. */
  static long ofThread() {
    return KNOWN ? Counter.BEAN.getCurrentThreadAllocatedBytes() : 0;
  }

  /** Loaded only where module jdk.management is resolved. */
  private static final class Counter {
    static final ThreadMXBean BEAN =
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean ? bean : null;

    static boolean isSupported() {
      return BEAN != null
          && BEAN.isThreadAllocatedMemorySupported()
          && BEAN.isThreadAllocatedMemoryEnabled();
    }
  }
}

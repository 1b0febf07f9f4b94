package io.hypertape.bindings.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is open, and where it was opened: kept if the property {@code hypertape.debug.leaks} is true
 * at that time.
 */
public final class ResourceLedger {

  static final String PROPERTY = "hypertape.debug.leaks";

  private static final System.Logger LOG = System.getLogger(ResourceLedger.class.getName());
  private static final Set<Resource> OPEN = ConcurrentHashMap.newKeySet();

  private ResourceLedger() {}

  static boolean isKept() {
    return Boolean.getBoolean(PROPERTY);
  }

  static void add(Resource resource) {
    OPEN.add(resource);
  }

  static void remove(Resource resource) {
    OPEN.remove(resource);
  }

  /**
   * What is open now.
   *
   * @return a text each, with the place in the program that opened it
   */
  public static List<String> open() {
    List<String> texts = new ArrayList<>();
    for (Resource resource : OPEN) {
      texts.add(resource.what() + place(resource.opened()));
    }
    texts.sort(null);
    return List.copyOf(texts);
  }

  /** Says which resources of a device that is being closed are still open. */
  static void reportLeaks(CudaDevice device) {
    for (Resource resource : OPEN) {
      if (resource.owner() == device) {
        reportLeak(resource, "when " + device.what() + " is closed");
      }
    }
  }

  static void reportLeak(Resource resource, String when) {
    LOG.log(
        System.Logger.Level.WARNING,
        resource.what() + " is still open " + when + place(resource.opened()),
        resource.opened());
  }

  /** The first frame outside this package, which is the caller who knows. */
  private static String place(Throwable opened) {
    for (StackTraceElement frame : opened.getStackTrace()) {
      if (!frame.getClassName().startsWith(ResourceLedger.class.getPackageName() + ".")) {
        return ", opened at " + frame;
      }
    }
    return "";
  }
}

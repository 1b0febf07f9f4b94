package io.hypertape.cli.spi;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * The signals by which a user or a system asks a process to end: Ctrl-C, SIGTERM and SIGHUP.
 * Through {@code sun.misc.Signal}, which every JDK has and none has a successor for; by reflection,
 * as the compiler warns of its name. A signal that the JVM does not let go, as with {@code -Xrs},
 * or that the process was started to ignore, as with nohup, stays what it is.
 */
final class Signals {

  private static final Map<String, Integer> ENDING = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  /** A signal and what was done on it before. */
  private record Handled(Object signal, Object before) {}

  private final List<Handled> handled = new ArrayList<>();

  /**
   * Takes the signals over.
   *
   * @param handler is given a signal's number, on a thread of its own
   */
  Signals(IntConsumer handler) {
    ENDING.forEach(
        (name, number) -> {
          try {
            Object signal =
                Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
            handled.add(new Handled(signal, handle(signal, made(() -> handler.accept(number)))));
          } catch (InvocationTargetException e) {
            // There is no such signal here, or it is the JVM's own.
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has no signals", e);
          }
        });
  }

  private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.SignalHandler");
    return signal
        .getClass()
        .getMethod("handle", signal.getClass(), type)
        .invoke(null, signal, handler);
  }

  private static Object made(Runnable handler) throws ClassNotFoundException {
    Class<?> type = Class.forName("sun.misc.SignalHandler");
    return Proxy.newProxyInstance(
        Signals.class.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "handle" -> {
                handler.run();
                yield null;
              }
              case "equals" -> proxy == arguments[0];
              case "hashCode" -> System.identityHashCode(proxy);
              default -> "handler of Hypertape";
            });
  }

  /** Lets them do what they did before. */
  void restore() {
    for (Handled one : handled.reversed()) {
      try {
        handle(one.signal(), one.before());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("a signal cannot be given back", e);
      }
    }
    handled.clear();
  }
}

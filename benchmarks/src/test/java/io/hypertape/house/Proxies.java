package io.hypertape.house;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Objects of a user's own, of the interfaces that may be implemented. */
final class Proxies {

  private Proxies() {}

  /** What a method answers instead, knowing what it would have answered. */
  @FunctionalInterface
  interface Answer {
    @Nullable Object to(@Nullable Object right) throws Throwable;
  }

  /** Does nothing, and answers with 0, false and null. */
  static Object idle(Class<?> type) {
    if (type == IntStream.class) {
      // Java's own would not know what to do with one that knows nothing.
      return IntStream.of('x');
    }
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) ->
            method.isDefault()
                ? InvocationHandler.invokeDefault(proxy, method, arguments)
                : nothing(method.getReturnType()));
  }

  /** What a field has that nobody sets. */
  private static @Nullable Object nothing(Class<?> type) {
    return type == void.class ? null : Array.get(Array.newInstance(type, 1), 0);
  }

  /** Does what another does, but for one method. */
  static <T> T but(Class<T> type, T real, Method wrong, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object right;
              try {
                right = method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              return same(method, wrong) ? answer.to(right) : right;
            }));
  }

  /** Interfaces may declare again what they inherit. */
  private static boolean same(Method one, Method other) {
    return one.getName().equals(other.getName())
        && Arrays.equals(one.getParameterTypes(), other.getParameterTypes());
  }
}

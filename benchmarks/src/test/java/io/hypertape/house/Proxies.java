package io.hypertape.house;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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

  /**
   * Answers whatever it is told to, by the type that is asked for, and the same again; default
   * methods stay. Iterators go on.
   */
  static Object answering(Class<?> type, Function<Class<?>, @Nullable Object> answers) {
    Map<Method, Optional<Object>> given = new HashMap<>();
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
              case "equals" -> proxy == arguments[0];
              case "hashCode" -> System.identityHashCode(proxy);
              default -> "odd " + type.getSimpleName();
            };
          }
          return method.isDefault()
              ? InvocationHandler.invokeDefault(proxy, method, arguments)
              : type == Iterator.class
                  ? answers.apply(method.getReturnType())
                  : given
                      .computeIfAbsent(
                          method, m -> Optional.ofNullable(answers.apply(m.getReturnType())))
                      .orElse(null);
        });
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

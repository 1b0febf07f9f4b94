package io.hypertape.kernels.generator;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;

/** A class of generated blocks, called by the names of methods and of their parameters. */
record BlockClass(Class<?> type) {

  /** One of those that are checked in. */
  static BlockClass of(String room, String name) throws ClassNotFoundException {
    return new BlockClass(Class.forName("io.hypertape.kernels." + room + "." + name));
  }

  private Method method(String name) {
    Method found =
        Arrays.stream(type.getDeclaredMethods())
            .filter(method -> method.getName().equals(name))
            .findAny()
            .orElseThrow(() -> new AssertionError(type + " has no " + name));
    found.setAccessible(true);
    return found;
  }

  /** Calls a method; what it has no parameter for is left out. */
  Object call(String name, Map<String, Object> operands) {
    Method method = method(name);
    Object[] arguments =
        Arrays.stream(method.getParameters()).map(p -> operands.get(p.getName())).toArray();
    try {
      return method.invoke(null, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException refusal) {
        throw refusal;
      }
      throw new AssertionError(e);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}

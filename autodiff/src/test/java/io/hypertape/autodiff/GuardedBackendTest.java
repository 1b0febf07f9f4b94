package io.hypertape.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.LayerBackend;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardedBackendTest {

  /** A default method that is not passed on would hide what the backend behind has. */
  @Test
  void everyMethodIsPassedOn() {
    List<String> missing = new ArrayList<>();
    for (Class<?> type : List.of(Backend.class, LayerBackend.class)) {
      for (Method method : type.getDeclaredMethods()) {
        if (!method.isSynthetic()
            && !Modifier.isStatic(method.getModifiers())
            && !Modifier.isPrivate(method.getModifiers())
            && !isDeclared(method)) {
          missing.add(method.getName());
        }
      }
    }
    assertEquals(List.of(), missing);
  }

  private static boolean isDeclared(Method method) {
    for (Class<?> type : List.of(GuardedBackend.class, GuardedLayers.class)) {
      try {
        type.getDeclaredMethod(method.getName(), method.getParameterTypes());
        return true;
      } catch (NoSuchMethodException e) {
        // Maybe the other one has it.
      }
    }
    return false;
  }
}

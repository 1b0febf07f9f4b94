package io.hypertape.bindings.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Puts the double in the place of NVIDIA's libraries, and asks it after each test (and after the
 * test's own cleaning up) whether they were used as they want to be. Says in the end how much of
 * them was used.
 */
public final class CleanDouble
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  private final Set<String> functions = new TreeSet<>();
  private long calls;

  @Override
  public void beforeAll(ExtensionContext context) {
    CudaDouble.load();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    CudaDouble.reset();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    calls += CudaDouble.calls();
    functions.addAll(CudaDouble.calledFunctions());
    assertEquals(List.of(), CudaDouble.violations());
    assertEquals(0, CudaDouble.uncheckedCalls());
    assertEquals(List.of(), CudaDouble.live());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (!CudaDouble.isDevice()) {
      System.out.printf(
          "%s: %d calls of %d functions of CUDA's libraries, each checked%n",
          context.getDisplayName(), calls, functions.size());
    }
  }
}

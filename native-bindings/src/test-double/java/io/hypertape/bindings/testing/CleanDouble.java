package io.hypertape.bindings.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Puts the double in the place of NVIDIA's libraries, and asks it after each test (and after the
 * test's own cleaning up) whether they were used as they want to be.
 */
public final class CleanDouble implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {

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
    assertEquals(List.of(), CudaDouble.violations());
    assertEquals(0, CudaDouble.uncheckedCalls());
    assertEquals(List.of(), CudaDouble.live());
  }
}

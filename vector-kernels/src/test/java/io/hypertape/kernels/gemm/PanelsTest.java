package io.hypertape.kernels.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** How long arrays for panels are made, so that G1 begins them at a page. */
class PanelsTest {

  private static final long MEBIBYTE = 1 << 20;

  @Test
  void halfOfARegionOfTheHeap() {
    assertEquals(1 << 17, Panels.length(1 << 14, 64 * MEBIBYTE));
    assertEquals(1 << 17, Panels.length(1 << 14, 2048 * MEBIBYTE));
    assertEquals(1 << 18, Panels.length(1 << 14, 2049 * MEBIBYTE));
    assertEquals(1 << 19, Panels.length(1 << 14, 6028 * MEBIBYTE));
    assertEquals(1 << 22, Panels.length(1 << 14, Long.MAX_VALUE));
  }

  @Test
  void whatIsLongerOrSmallStays() {
    assertEquals(200_000, Panels.length(200_000, 64 * MEBIBYTE));
    assertEquals(1000, Panels.length(1000, 6028 * MEBIBYTE));
  }

  @Test
  void theRegionIsTheJvms() {
    var options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    assumeTrue(Boolean.parseBoolean(options.getVMOption("UseG1GC").getValue()), "G1 only");
    long region = Long.parseLong(options.getVMOption("G1HeapRegionSize").getValue());
    long bytes = 4L * Panels.length(1 << 14, Runtime.getRuntime().maxMemory());
    assertTrue(bytes >= region / 2, bytes + " bytes beside regions of " + region);
  }
}

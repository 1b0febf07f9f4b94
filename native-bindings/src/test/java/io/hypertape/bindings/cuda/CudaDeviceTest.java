package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.LibraryReport;
import io.hypertape.bindings.NativeLibraries;
import io.hypertape.bindings.testing.CudaDouble;
import org.junit.jupiter.api.Test;

class CudaDeviceTest extends CudaTestCase {

  private static String reason(int ordinal) {
    return assertThrows(CudaUnavailableException.class, () -> CudaDevice.open(ordinal)).reason();
  }

  @Test
  void aDeviceSaysWhatItIs() {
    assertEquals(0, device.ordinal());
    assertFalse(device.name().isBlank());
    assertTrue(device.computeCapability() >= 50 && device.computeCapability() < 200);
    assertTrue(device.multiprocessors() > 0);
    assertTrue(device.freeMemory() > 0 && device.freeMemory() <= device.totalMemory());
    assertTrue(device.runtimeVersion() >= 12000);
    assertTrue(device.driverVersion() / 1000 >= device.runtimeVersion() / 1000);
    device.synchronize();
  }

  @Test
  void everyLibraryThatIsNeededWasFound() {
    for (LibraryReport report : NativeLibraries.report()) {
      assertTrue(report.isFound() || !report.library().isRequired(), report.toString());
    }
    assertTrue(NativeLibraries.problem().isEmpty());
  }

  @Test
  void aDeviceThatIsNotThereIsNamed() {
    assertTrue(reason(999).startsWith("there is no CUDA device 999"), reason(999));
    assertTrue(reason(-1).startsWith("there is no CUDA device -1"), reason(-1));
  }

  @Test
  void withoutADeviceThereIsNoCuda() {
    CudaDouble.requireDouble();
    CudaDouble.setDevices(0);
    CudaUnavailableException e =
        assertThrows(CudaUnavailableException.class, () -> CudaDevice.open(0));
    assertTrue(e.reason().contains("no CUDA-capable device"), e.reason());
    assertEquals(1, e.reason().lines().count());
    assertInstanceOf(CudaException.class, e.getCause());
    CudaDouble.setDevices(1);
  }

  @Test
  void aDriverThatIsTooOldIsNamed() {
    CudaDouble.requireDouble();
    int version = device.driverVersion();
    CudaDouble.setDriverVersion(12090);
    assertTrue(reason(0).contains("the driver knows CUDA only up to 12.9"), reason(0));
    CudaDouble.setDriverVersion(version);
  }

  @Test
  void aClosedDeviceIsRefused() {
    CudaDevice other = CudaDevice.open(0);
    other.close();
    other.close();
    IllegalStateException e = assertThrows(IllegalStateException.class, other::makeCurrent);
    assertTrue(e.getMessage().contains("CudaDevice 0 is used after it was closed"), e.getMessage());
    assertThrows(IllegalStateException.class, () -> CudaStream.create(other));
  }
}

package io.hypertape.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorNameTest {

  @ParameterizedTest
  @CsvSource({
    "AuthenticAMD,23,49,0,amd-zen2",
    "AuthenticAMD,25,1,1,amd-zen3",
    "AuthenticAMD,25,17,1,amd-zen4",
    "AuthenticAMD,25,97,2,amd-zen4",
    "AuthenticAMD,26,2,1,amd-zen5",
    "AuthenticAMD,99,2,1,amd-family-99-model-2",
    "GenuineIntel,6,85,4,intel-skylake-server",
    "GenuineIntel,6,85,7,intel-cascade-lake",
    "GenuineIntel,6,85,11,intel-cooper-lake",
    "GenuineIntel,6,106,6,intel-ice-lake",
    "GenuineIntel,6,143,8,intel-sapphire-rapids",
    "GenuineIntel,6,1,8,intel-family-6-model-1",
    "GenuineIntel,15,85,7,intel-family-15-model-85",
    "HygonGenuine,24,1,2,hygon-family-24-model-1",
  })
  void processorsOfPcsAreKnownByTheirNumbers(
      String vendor, int family, int model, int stepping, String name) {
    List<String> lines =
        List.of(
            "processor\t: 0",
            "vendor_id\t: " + vendor,
            "cpu family\t: " + family,
            "model\t\t: " + model,
            "model name\t: any/thing at 2.5 GHz",
            "stepping\t: " + stepping);
    assertEquals(name, ProcessorName.of(lines, "amd64"));
  }

  @Test
  void otherProcessorsKeepWhatIsKnownOfThem() {
    assertEquals(
        "arm-neoverse-v1",
        ProcessorName.of(List.of("CPU implementer\t: 0x41", "CPU part\t: 0xd40"), "aarch64"));
    assertEquals(
        "arm-0x61-part-0x022",
        ProcessorName.of(List.of("CPU implementer\t: 0x61", "CPU part\t: 0x022"), "aarch64"));
    assertEquals("aarch64", ProcessorName.of(List.of(), "aarch64"));
    assertEquals("unknown", ProcessorName.of(List.of(), " ../ "));
    assertEquals("intel-unknown", ProcessorName.of(List.of("vendor_id: GenuineIntel"), "x"));
    assertTrue(Machine.processor().matches("[a-z0-9-]+"), Machine.processor());
    assertEquals(Machine.processor(), Machine.describe().get("processor"));
  }
}

package io.hypertape.autodiff.cpu.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rungs on virtual machines and processors that are not here. */
class ObstaclesTest {

  /** A JVM on which vector kernels are right, until something is changed. */
  private static final class Other implements Jvm {
    final Map<String, String> properties = new HashMap<>();
    final Map<String, Flag> flags = new HashMap<>();
    Set<String> resolved = Set.of("jdk.incubator.vector");
    boolean inImage = true;
    int version = 25;
    List<String> options = List.of();
    int bits = 256;
    boolean fuses = true;
    int flagsRead;

    Other() {
      properties.put("java.vm.name", "OpenJDK 64-Bit Server VM");
      properties.put("java.vm.info", "mixed mode, sharing");
      properties.put("java.vm.version", "25.0.3+9-LTS");
    }

    @Override
    public String property(String name) {
      return properties.getOrDefault(name, "");
    }

    @Override
    public int version() {
      return version;
    }

    @Override
    public boolean resolved(String module) {
      return resolved.contains(module);
    }

    @Override
    public boolean inImage(String module) {
      return inImage;
    }

    @Override
    public List<String> options() {
      return options;
    }

    @Override
    public Optional<Flag> flag(String name) {
      flagsRead++;
      return Optional.ofNullable(flags.get(name));
    }

    @Override
    public int vectorBits() {
      return bits;
    }

    @Override
    public boolean fusesQuickly() {
      return fuses;
    }
  }

  private static void assertCertain(String part, Jvm jvm) {
    Obstacle obstacle = Obstacles.first(jvm).orElseThrow();
    assertTrue(obstacle.reason().contains(part), obstacle.reason());
    assertTrue(obstacle.certain(), obstacle.reason());
  }

  @Test
  void nothingIsInTheWayOfHotSpotNorIsAFlagRead() {
    Other jvm = new Other();
    jvm.options = List.of("", "java", "-XX:+UseSerialGC", "-Xmx1g", "Main", "--x=1");
    assertEquals(Optional.empty(), Obstacles.first(jvm));
    assertEquals(0, jvm.flagsRead);
  }

  @Test
  void aModuleThatIsMissingIsAskedForWhereItCanBe() {
    Other jvm = new Other();
    jvm.resolved = Set.of();
    assertCertain("start java with --add-modules jdk.incubator.vector", jvm);
    jvm.inImage = false;
    assertCertain("jlink --add-modules jdk.incubator.vector", jvm);
  }

  @Test
  void aProcessorWithoutFusedMultiplyAdds() {
    Other jvm = new Other();
    jvm.fuses = false;
    // An image without jdk.management has no flags to read.
    assertCertain("the processor, as the JVM sees it, has no instruction", jvm);
    jvm.flags.put("UseFMA", new Jvm.Flag("false", false));
    assertCertain("the processor, as the JVM sees it, has no instruction", jvm);
    jvm.flags.put("UseFMA", new Jvm.Flag("false", true));
    assertCertain("start java without -XX:-UseFMA", jvm);
    jvm.options = List.of("-XX:UseAVX=0");
    assertCertain("start java without -XX:UseAVX=0", jvm);
  }

  @Test
  void shenandoahIsNotChancedUnasked() {
    Other jvm = new Other();
    jvm.options = List.of("-XX:+UseShenandoahGC");
    Obstacle obstacle = Obstacles.first(jvm).orElseThrow();
    assertTrue(obstacle.reason().contains("start java without -XX:+UseShenandoahGC"));
    assertFalse(obstacle.certain());
    jvm.options = List.of("-XX:+UseShenandoahGC", "-XX:-UseShenandoahGC", "-XX:+UseZGC");
    assertEquals(Optional.empty(), Obstacles.first(jvm));
  }

  @Test
  void aFlagKnowsBetterThanAClock() {
    Other jvm = new Other();
    jvm.fuses = false;
    jvm.flags.put("UseFMA", new Jvm.Flag("true", false));
    assertEquals(Optional.empty(), Obstacles.first(jvm));
  }

  @Test
  void optionsThatHoldC2BackAreNamed() {
    for (String option :
        List.of("-XX:TieredStopAtLevel=3", "-XX:-UseCompiler", "-XX:-EnableVectorSupport")) {
      Other jvm = new Other();
      jvm.options = List.of("java", option, "-cp", "x", "Main");
      assertCertain("start java without " + option, jvm);
    }
    Other jvm = new Other();
    jvm.properties.put("java.vm.info", "mixed mode, emulated-client, sharing");
    assertCertain("-XX:TieredStopAtLevel", jvm);
    jvm.properties.put("java.vm.info", "interpreted mode");
    assertCertain("without -Xint", jvm);
    jvm.properties.put("java.vm.info", "compiled mode, sharing");
    assertCertain("without -Xcomp", jvm);
  }

  @Test
  void ofAnOptionThatIsGivenTwiceTheLastCounts() {
    Other jvm = new Other();
    jvm.options = List.of("-XX:TieredStopAtLevel=1", "-XX:TieredStopAtLevel=4");
    assertEquals(Optional.empty(), Obstacles.first(jvm));
    jvm.options = List.of("-XX:TieredStopAtLevel=4", "-XX:TieredStopAtLevel=1");
    assertCertain("-XX:TieredStopAtLevel=1", jvm);
  }

  @Test
  void graalCompilesTheVectorApiFromJdk25On() {
    Other jvm = new Other();
    jvm.properties.put("java.vm.version", "24.0.1+9-jvmci-b01");
    jvm.version = 24;
    assertCertain("Graal of JDK 24", jvm);
    jvm.options = List.of("-XX:-UseJVMCICompiler");
    assertEquals(Optional.empty(), Obstacles.first(jvm));
    jvm.options = List.of();
    jvm.flags.put("UseJVMCICompiler", new Jvm.Flag("false", true));
    assertEquals(Optional.empty(), Obstacles.first(jvm));
    jvm.flags.put("UseJVMCICompiler", new Jvm.Flag("true", false));
    assertCertain("-XX:-UseJVMCICompiler", jvm);
    jvm.version = 25;
    assertEquals(Optional.empty(), Obstacles.first(jvm));
  }

  @Test
  void narrowVectorsAndSmallMachines() {
    Other jvm = new Other();
    jvm.bits = 64;
    assertCertain("vectors of 64 bits only", jvm);
    jvm.properties.put("java.vm.name", "OpenJDK Client VM");
    assertCertain("OpenJDK Client VM has no optimizing compiler", jvm);
  }

  @Test
  void ofAStrangerNothingIsKnownForCertain() {
    Other jvm = new Other();
    jvm.properties.put("java.vm.name", "Eclipse OpenJ9 VM");
    Obstacle obstacle = Obstacles.first(jvm).orElseThrow();
    assertTrue(obstacle.reason().contains("Eclipse OpenJ9 VM"), obstacle.reason());
    assertFalse(obstacle.certain());
    jvm.fuses = false;
    assertCertain("fused multiply-adds", jvm);
  }

  @Test
  void hereMultiplyAddsAreFused() {
    assertTrue(new HostJvm().fusesQuickly());
    assertTrue(new HostJvm().flag("UseFMA").orElseThrow().isOn());
    assertEquals(Optional.empty(), new HostJvm().flag("NoSuchFlag"));
  }
}

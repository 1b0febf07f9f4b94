package io.hypertape.autodiff.cpu.start;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import io.hypertape.kernels.lanes.FusedMultiplyAdd;
import io.hypertape.kernels.lanes.VectorWidth;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The virtual machine that this code runs on. */
final class HostJvm implements Jvm {

  /** Options in the environment come first: those of the command line override them. */
  private static final List<String> VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS");

  @Override
  public String property(String name) {
    return System.getProperty(name, "");
  }

  @Override
  public int version() {
    return Runtime.version().feature();
  }

  @Override
  public boolean resolved(String module) {
    return ModuleLayer.boot().findModule(module).isPresent();
  }

  @Override
  public boolean inImage(String module) {
    return ModuleFinder.ofSystem().find(module).isPresent();
  }

  @Override
  public List<String> options() {
    List<String> options = new ArrayList<>();
    for (String variable : VARIABLES) {
      options.addAll(List.of(System.getenv().getOrDefault(variable, "").split(" ")));
    }
    // Linux only, and of the bytes no more than are options: ProcessHandle would take 10 ms.
    try (InputStream file = new FileInputStream("/proc/self/cmdline")) {
      String line = new String(file.readNBytes(1 << 16), StandardCharsets.ISO_8859_1);
      options.addAll(List.of(line.split("\0")));
    } catch (IOException e) {
      // Elsewhere the options stay unknown.
    }
    options.addAll(List.of(System.getenv().getOrDefault("_JAVA_OPTIONS", "").split(" ")));
    return options;
  }

  @Override
  public Optional<Flag> flag(String name) {
    if (!resolved("jdk.management")) {
      return Optional.empty();
    }
    try {
      return Flags.read(name);
    } catch (LinkageError e) {
      // A JVM of another make.
      return Optional.empty();
    }
  }

  @Override
  public int vectorBits() {
    return VectorWidth.BITS;
  }

  @Override
  public boolean fusesQuickly() {
    return FusedMultiplyAdd.isInstruction();
  }

  /** HotSpot's flags. Loaded only where module jdk.management is resolved. */
  private static final class Flags {

    static Optional<Flag> read(String name) {
      HotSpotDiagnosticMXBean bean =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      if (bean == null) {
        return Optional.empty();
      }
      try {
        VMOption option = bean.getVMOption(name);
        boolean given =
            switch (option.getOrigin()) {
              case DEFAULT, ERGONOMIC -> false;
              default -> true;
            };
        return Optional.of(new Flag(option.getValue(), given));
      } catch (IllegalArgumentException e) {
        // No flag of this JVM, as UseAVX on an ARM.
        return Optional.empty();
      }
    }
  }
}

package io.hypertape.kernels;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** HotSpot's flags. Loaded only where module jdk.management is resolved. */
final class JvmFlags {

  private JvmFlags() {}

  static Optional<Jvm.Flag> read(String name) {
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
      return Optional.of(new Jvm.Flag(option.getValue(), given));
    } catch (IllegalArgumentException e) {
      // No flag of this JVM, as UseAVX on an ARM.
      return Optional.empty();
    }
  }
}

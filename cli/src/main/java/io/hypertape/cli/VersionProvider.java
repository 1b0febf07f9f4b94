package io.hypertape.cli;

import java.lang.module.ModuleDescriptor;
import picocli.CommandLine.IVersionProvider;

/** The version, as the module's descriptor has it. */
final class VersionProvider implements IVersionProvider {

  @Override
  public String[] getVersion() {
    ModuleDescriptor descriptor = VersionProvider.class.getModule().getDescriptor();
    String version =
        descriptor == null ? "(unpackaged)" : descriptor.rawVersion().orElse("(unpackaged)");
    return new String[] {
      "hypertape " + version,
      "Java " + Runtime.version() + ", " + System.getProperty("java.vm.name")
    };
  }
}

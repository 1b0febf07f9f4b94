package io.hypertape.cli;

import java.lang.module.ModuleDescriptor;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version, as the module's descriptor has it, or the manifest of a jar on the class path. */
final class VersionProvider implements IVersionProvider {

  @Override
  public String[] getVersion() {
    Class<?> own = VersionProvider.class;
    ModuleDescriptor descriptor = own.getModule().getDescriptor();
    Optional<String> version =
        descriptor == null
            ? Optional.ofNullable(own.getPackage().getImplementationVersion())
            : descriptor.rawVersion();
    return new String[] {
      "hypertape " + version.orElse("(unpackaged)"),
      "Java " + Runtime.version() + ", " + System.getProperty("java.vm.name")
    };
  }
}

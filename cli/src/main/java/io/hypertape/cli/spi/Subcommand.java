package io.hypertape.cli.spi;

/**
 * A further command of {@code hypertape}, found through {@link java.util.ServiceLoader}: the
 * command line need not know the modules above it.
 */
public interface Subcommand {

  /**
   * Makes the command.
   *
   * @return an object with picocli's annotation {@code @Command}, in a package that is open to
   *     picocli
   */
  Object create();
}

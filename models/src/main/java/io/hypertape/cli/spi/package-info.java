/** How modules above this one add commands to {@code hypertape}. */
package io.hypertape.cli.spi;

/** How modules above this one add commands to {@code hypertape}, and what commands share. */
package io.hypertape.cli.spi;

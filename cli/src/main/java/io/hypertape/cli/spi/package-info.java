/** How modules above this one add commands to {@code hypertape}, and what commands share. */
@NullMarked
package io.hypertape.cli.spi;

import org.jspecify.annotations.NullMarked;

/** The command line. */
@NullMarked
package io.hypertape.cli;

import org.jspecify.annotations.NullMarked;

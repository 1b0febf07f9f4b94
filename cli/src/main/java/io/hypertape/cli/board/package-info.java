/** A local page of training runs, and the server that it is from. */
@NullMarked
package io.hypertape.cli.board;

import org.jspecify.annotations.NullMarked;

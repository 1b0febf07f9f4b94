/** The encoding of Protocol Buffers, as far as files that are written need it. */
@NullMarked
package io.hypertape.io.proto;

import org.jspecify.annotations.NullMarked;

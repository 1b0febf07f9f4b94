/**
 * Image files: checks that a PNG or JPEG file is whole, and its pixels. The JDK decodes them; it
 * takes damaged files for good ones, which these checks do not.
 */
@NullMarked
package io.hypertape.data.codec;

import org.jspecify.annotations.NullMarked;

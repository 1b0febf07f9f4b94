/**
 * What keeps readers and writers of files safe, and what they say. For this library's modules
 * alone.
 */
@NullMarked
package io.hypertape.io.guard;

import org.jspecify.annotations.NullMarked;

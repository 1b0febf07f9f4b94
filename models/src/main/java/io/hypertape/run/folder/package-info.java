/**
 * A run's folder: its files, its lock, and whether they are whole. For this library's modules
 * alone.
 */
@NullMarked
package io.hypertape.run.folder;

import org.jspecify.annotations.NullMarked;

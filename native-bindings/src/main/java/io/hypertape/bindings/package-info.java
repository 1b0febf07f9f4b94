/** Finds native libraries and says, in the loader's own words, why one is not found. */
package io.hypertape.bindings;

/** What keeps readers and writers of files safe, and what they say. Not exported. */
@NullMarked
package io.hypertape.io.guard;

import org.jspecify.annotations.NullMarked;

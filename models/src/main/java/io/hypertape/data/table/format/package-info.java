/** Files of tables, read by a library that is there only if who embeds this adds it. */
@NullMarked
package io.hypertape.data.table.format;

import org.jspecify.annotations.NullMarked;

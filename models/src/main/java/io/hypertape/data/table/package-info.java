/** Tables: files of rows and columns, what their columns mean, and how numbers are made of them. */
@NullMarked
package io.hypertape.data.table;

import org.jspecify.annotations.NullMarked;

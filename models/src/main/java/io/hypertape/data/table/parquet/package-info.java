/**
 * Reads Parquet files, without any library: columns of plain values, page by page. Nothing that a
 * file says of itself is believed before it is checked, so that a damaged one is an error.
 */
@NullMarked
package io.hypertape.data.table.parquet;

import org.jspecify.annotations.NullMarked;

package io.hypertape.data.table.parquet;

import io.hypertape.data.table.format.CellSink;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Cells of a column's <a
 * href="https://parquet.apache.org/docs/file-format/data-pages/columnchunks/">chunk</a>, one after
 * the other; a page at a time is in memory, and the dictionary.
 */
final class ChunkCells {

  private static final int DATA = 0;
  private static final int INDEX = 1;
  private static final int DICTIONARY = 2;
  private static final int DATA_V2 = 3;
  private static final int HEADER = 1024;

  private final ParquetFile file;
  private final ParquetChunk chunk;
  private final ParquetColumn column;
  private long place;
  private long left;
  private int leftInPage;
  private boolean begun;
  private @Nullable PageDictionary dictionary;
  private @Nullable RunLengths levels;
  private PageValues values = new PageValues() {};

  ChunkCells(ParquetFile file, ParquetChunk chunk) {
    this.file = file;
    this.chunk = chunk;
    this.column = chunk.column();
    this.place = chunk.start();
    this.left = chunk.values();
  }

  /**
   * Tells the next cell, unless it is missing.
   *
   * @param sink takes it
   * @param k the column's number, from 0
   */
  void next(CellSink sink, int k) throws IOException {
    while (leftInPage == 0) {
      page();
    }
    leftInPage--;
    left--;
    if (levels == null || levels.next() == 1) {
      column.cell().tell(values, sink, k);
    }
  }

  /** Reads the next page. */
  private void page() throws IOException {
    ThriftStruct header = header();
    long size = header.size(3, "compressed_page_size");
    if (size > chunk.end() - place) {
      throw new DamagedParquetException(
          "a page is of " + size + " bytes, and its column of " + (chunk.end() - place) + " more");
    }
    int type = header.number(1, "type", null);
    if (type == INDEX) {
      place += size;
      return;
    }
    ByteBuffer packed = file.read(place, size);
    place += size;
    checkSum(header, packed);
    int whole = Math.toIntExact(header.size(2, "uncompressed_page_size"));
    switch (type) {
      case DATA -> data(header.struct(5, "data_page_header"), unpack(packed, whole));
      case DATA_V2 -> dataV2(header.struct(8, "data_page_header_v2"), packed, whole);
      case DICTIONARY -> {
        if (begun) {
          throw new DamagedParquetException("a dictionary is not a column's first page");
        }
        dictionary(header.struct(7, "dictionary_page_header"), unpack(packed, whole));
      }
      default -> throw new DamagedParquetException("a page is of a type of number " + type);
    }
    begun = true;
  }

  /** Reads a header, of which nobody says how long it is. */
  private ThriftStruct header() throws IOException {
    long most = chunk.end() - place;
    if (most == 0) {
      throw new DamagedParquetException(left + " values are in no page");
    }
    for (long length = HEADER; ; length *= 4) {
      ByteBuffer bytes = file.read(place, Math.min(length, most));
      try {
        ThriftStruct header = ThriftStruct.read("a page's header", bytes);
        place += bytes.position();
        return header;
      } catch (BufferUnderflowException e) {
        if (length >= most) {
          throw new DamagedParquetException("a page's header is longer than its column");
        }
      }
    }
  }

  private static void checkSum(ThriftStruct header, ByteBuffer packed) throws IOException {
    if (header.has(4)) {
      CRC32 sum = new CRC32();
      sum.update(packed.duplicate());
      if ((int) sum.getValue() != header.number(4, "crc", null)) {
        throw new DamagedParquetException("a page's sum is not that of its bytes");
      }
    }
  }

  private ByteBuffer unpack(ByteBuffer packed, int size) throws IOException {
    return chunk.codec().unpack(packed, size);
  }

  private void dictionary(ThriftStruct header, ByteBuffer data) throws IOException {
    int encoding = header.number(2, "encoding", null);
    if (encoding != ValueEncodings.PLAIN && encoding != ValueEncodings.PLAIN_DICTIONARY) {
      throw new DamagedParquetException("a dictionary has an encoding of number " + encoding);
    }
    dictionary = new PageDictionary(column, header.number(1, "num_values", null), data);
  }

  private void data(ThriftStruct header, ByteBuffer data) throws IOException {
    count(header);
    if (column.optional()) {
      int encoding = header.number(3, "definition_level_encoding", null);
      if (encoding != ValueEncodings.RLE) {
        throw new IOException("levels have an encoding of number " + encoding + "; 3, RLE, fits");
      }
      levels = new RunLengths(ValueEncodings.slice(data, data.getInt()), 1);
    }
    read(header.number(2, "encoding", null), data);
  }

  private void dataV2(ThriftStruct header, ByteBuffer packed, int whole) throws IOException {
    count(header);
    long ofLevels = header.size(5, "definition_levels_byte_length");
    long skipped = header.size(6, "repetition_levels_byte_length");
    ValueEncodings.slice(packed, skipped);
    levels = new RunLengths(ValueEncodings.slice(packed, ofLevels), 1);
    if (!column.optional()) {
      levels = null;
    }
    int size = Math.toIntExact(Math.max(0, whole - ofLevels - skipped));
    ByteBuffer data =
        !packed.hasRemaining() || !header.flag(7, "is_compressed", true)
            ? PageCodec.UNCOMPRESSED.unpack(packed, size)
            : unpack(packed, size);
    read(header.number(4, "encoding", null), data);
  }

  private void count(ThriftStruct header) throws IOException {
    int count = header.number(1, "num_values", null);
    if (count < 0 || count > left) {
      throw new DamagedParquetException(
          "a page has " + count + " values, and its column " + left + " more");
    }
    leftInPage = count;
  }

  private void read(int encoding, ByteBuffer data) throws IOException {
    values = ValueEncodings.read(column, encoding, data, leftInPage, dictionary);
  }
}

package io.hypertape.data.table.parquet;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * How a column's pages are <a
 * href="https://parquet.apache.org/docs/file-format/data-pages/compression/">compressed</a>. ZSTD
 * needs a library that may not be there; the ones that few programs write are refused.
 */
enum PageCodec {
  UNCOMPRESSED,
  SNAPPY,
  GZIP,
  LZO,
  BROTLI,
  LZ4,
  ZSTD,
  LZ4_RAW;

  private static final String FIT = "none, SNAPPY, GZIP and ZSTD fit, so write it with one";

  static PageCodec of(int number) throws IOException {
    if (number < 0 || number >= values().length) {
      throw new DamagedParquetException("a column has a compression of number " + number);
    }
    PageCodec codec = values()[number];
    return switch (codec) {
      case UNCOMPRESSED, SNAPPY, GZIP -> codec;
      case ZSTD -> {
        checkZstd();
        yield codec;
      }
      default -> throw new IOException("its compression is " + codec + "; " + FIT);
    };
  }

  private static void checkZstd() throws IOException {
    try {
      ZstdBlock.load();
    } catch (LinkageError e) {
      throw new IOException(
          "its compression is ZSTD, which the library com.github.luben:zstd-jni unpacks, and that"
              + " is not there; add it to the dependencies (and, on a module path where nothing"
              + " else requires it, --add-modules com.github.luben.zstd_jni), or write the file"
              + " with SNAPPY, GZIP or none",
          e);
    }
  }

  /**
   * Unpacks a page.
   *
   * @param packed its bytes
   * @param size how many it must be then
   */
  ByteBuffer unpack(ByteBuffer packed, int size) throws IOException {
    ByteBuffer unpacked =
        switch (this) {
          case SNAPPY -> ByteBuffer.wrap(SnappyBlock.unpack(packed, size));
          case GZIP -> ByteBuffer.wrap(inflate(bytes(packed), size));
          case ZSTD -> ByteBuffer.wrap(ZstdBlock.unpack(bytes(packed), size));
          default -> packed.slice();
        };
    if (unpacked.remaining() != size) {
      throw new DamagedParquetException(
          "a page is of " + unpacked.remaining() + " bytes, and should be of " + size);
    }
    return unpacked.order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] bytes(ByteBuffer packed) {
    byte[] bytes = new byte[packed.remaining()];
    packed.get(bytes);
    return bytes;
  }

  private static byte[] inflate(byte[] packed, int size) throws IOException {
    // Takes memory as it comes by bytes, not as their number is told.
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] unpacked = in.readNBytes(size);
      if (in.read() >= 0) {
        throw new DamagedParquetException("a page is of more than " + size + " bytes");
      }
      return unpacked;
    } catch (ZipException | EOFException e) {
      throw new DamagedParquetException("a page's GZIP is damaged: " + e.getMessage());
    }
  }
}

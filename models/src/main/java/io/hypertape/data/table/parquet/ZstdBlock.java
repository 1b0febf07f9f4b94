package io.hypertape.data.table.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;

/** Unpacks ZSTD; alone here, as its library may not be there. */
final class ZstdBlock {

  /** No byte unpacks to more: four say a block of 128 KiB. */
  private static final long MOST = 1 << 15;

  private ZstdBlock() {}

  /** Loads the library; a {@link LinkageError} if it is not there. */
  static void load() {
    Zstd.defaultCompressionLevel();
  }

  /**
   * Unpacks a page.
   *
   * @param packed all of it
   * @param size bytes that it must be then
   */
  static byte[] unpack(byte[] packed, int size) throws IOException {
    if (size > packed.length * MOST) {
      throw new DamagedParquetException(
          packed.length + " bytes of ZSTD are in a page of " + size + " bytes");
    }
    byte[] unpacked = new byte[size];
    long found;
    try {
      found = Zstd.decompress(unpacked, packed);
    } catch (ZstdException e) {
      throw new DamagedParquetException("a page's ZSTD is damaged: " + e.getMessage());
    }
    if (found != size) {
      throw new DamagedParquetException(
          "a page is of " + found + " bytes, and should be of " + size);
    }
    return unpacked;
  }
}

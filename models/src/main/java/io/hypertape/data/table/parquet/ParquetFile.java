package io.hypertape.data.table.parquet;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Bytes of a file, at their places. */
final class ParquetFile implements AutoCloseable {

  private final FileChannel channel;

  ParquetFile(Path file) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.READ);
  }

  long size() throws IOException {
    return channel.size();
  }

  /**
   * Reads bytes that are there.
   *
   * @param place of the first
   * @param length how many; at most 2 GiB
   * @return them, the lowest of a number first
   */
  ByteBuffer read(long place, long length) throws IOException {
    if (length > Integer.MAX_VALUE - Long.BYTES) {
      throw new IOException("a part is of " + length + " bytes; parts below 2 GiB fit");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, place + bytes.position()) < 0) {
        throw new EOFException("the file was cut while it was read");
      }
    }
    return bytes.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

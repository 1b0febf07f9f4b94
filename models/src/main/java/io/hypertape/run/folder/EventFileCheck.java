package io.hypertape.run.folder;

import io.hypertape.io.guard.RegularFile;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Whether every record of an event file of TensorBoard's is as it was written. */
final class EventFileCheck {

  /** What an event file's name has. */
  static final String MARK = ".tfevents.";

  private static final int HEAD = Long.BYTES + Integer.BYTES;
  private static final int MASK = 0xa282ead8;
  private static final int TURN = 15;

  private EventFileCheck() {}

  /**
   * Checks a file. Its last record may be cut off, as a run may be at work.
   *
   * @return how many whole records it has
   * @throws IOException if a record is damaged, or the file cannot be read
   */
  static int records(Path file) throws IOException {
    long left = Files.size(RegularFile.check(file, "a file of events"));
    int records = 0;
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      while (left >= HEAD) {
        byte[] length = in.readNBytes(Long.BYTES);
        long size = Long.reverseBytes(ByteBuffer.wrap(length).getLong());
        check(sum(length), in, records);
        left -= HEAD;
        if (size < 0 || left - Integer.BYTES < size) {
          break;
        }
        check(sum(in, size), in, records);
        left -= size + Integer.BYTES;
        records++;
      }
    }
    return records;
  }

  private static CRC32C sum(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    return sum;
  }

  private static CRC32C sum(DataInputStream in, long size) throws IOException {
    CRC32C sum = new CRC32C();
    byte[] some = new byte[1 << 13];
    for (long left = size; left > 0; ) {
      int n = (int) Math.min(left, some.length);
      in.readFully(some, 0, n);
      sum.update(some, 0, n);
      left -= n;
    }
    return sum;
  }

  private static void check(CRC32C sum, DataInputStream in, int records) throws IOException {
    int masked = Integer.rotateRight((int) sum.getValue(), TURN) + MASK;
    if (masked != Integer.reverseBytes(in.readInt())) {
      throw new IOException("record " + (records + 1) + " is not as it was written");
    }
  }
}

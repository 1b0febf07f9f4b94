package io.hypertape.bindings;

import io.hypertape.bindings.LibraryFile.Finding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The headers of a Windows library: whether it is for this machine, and whether its sections lie
 * within the file. See Microsoft's PE Format.
 */
final class PeHeaders {

  private static final short DOS = 0x5A4D;
  private static final int DOS_HEADER = 64;
  private static final int PE_AT = 60;
  private static final int SIGNATURE = 0x00004550;

  /** The signature and the COFF file header. */
  private static final int HEADER = 24;

  private static final int MACHINE_AT = 4;
  private static final int SECTION_COUNT_AT = 6;
  private static final int OPTIONAL_LENGTH_AT = 20;

  private static final int SECTION = 40;
  private static final int SECTION_LENGTH_AT = 16;
  private static final int SECTION_OFFSET_AT = 20;

  private static final Map<String, Integer> MACHINES =
      Map.of("amd64", 0x8664, "x86_64", 0x8664, "aarch64", 0xAA64);

  private PeHeaders() {}

  static Finding look(LibraryFile file, SearchEnvironment environment) throws IOException {
    Optional<ByteBuffer> dos = file.read(0, DOS_HEADER);
    if (dos.isEmpty() || dos.get().getShort(0) != DOS) {
      return file.isNot("Windows library");
    }
    long at = Integer.toUnsignedLong(dos.get().getInt(PE_AT));
    Optional<ByteBuffer> read = file.read(at, HEADER);
    if (read.isEmpty()) {
      return file.cutOff("its PE header", at, HEADER);
    }
    ByteBuffer header = read.get();
    if (header.getInt(0) != SIGNATURE) {
      return file.isNot("Windows library");
    }
    int machine = Short.toUnsignedInt(header.getShort(MACHINE_AT));
    String here = environment.property("os.arch").toLowerCase(Locale.ROOT);
    if (MACHINES.getOrDefault(here, machine) != machine) {
      return file.isFor("PE machine 0x" + Integer.toHexString(machine), environment);
    }
    long from = at + HEADER + Short.toUnsignedInt(header.getShort(OPTIONAL_LENGTH_AT));
    return sections(file, from, Short.toUnsignedInt(header.getShort(SECTION_COUNT_AT)));
  }

  private static Finding sections(LibraryFile file, long from, int count) throws IOException {
    Optional<ByteBuffer> table = file.read(from, (long) count * SECTION);
    if (table.isEmpty()) {
      return file.cutOff("its table of sections", from, (long) count * SECTION);
    }
    for (int i = 0; i < count; i++) {
      long offset = Integer.toUnsignedLong(table.get().getInt(i * SECTION + SECTION_OFFSET_AT));
      long length = Integer.toUnsignedLong(table.get().getInt(i * SECTION + SECTION_LENGTH_AT));
      if (!file.has(offset, length)) {
        return file.cutOff("its section " + i, offset, length);
      }
    }
    return Finding.FITS;
  }
}

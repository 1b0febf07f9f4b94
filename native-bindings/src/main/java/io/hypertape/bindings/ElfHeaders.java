package io.hypertape.bindings;

import io.hypertape.bindings.LibraryFile.Finding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The headers of a 64-bit ELF file, which is all that there is of CUDA 12 and later: whether it is
 * for this machine, and whether what the loader will map lies within the file. See the System V
 * Application Binary Interface, chapters 4 and 5.
 */
final class ElfHeaders {

  private static final int MAGIC = 0x464C457F;
  private static final int IDENT = 16;
  private static final int CLASS_AT = 4;
  private static final int ORDER_AT = 5;
  private static final byte CLASS_64 = 2;
  private static final byte LITTLE = 1;
  private static final byte BIG = 2;

  private static final int HEADER = 64;
  private static final int MACHINE_AT = 18;
  private static final int SEGMENTS_AT = 32;
  private static final int SECTIONS_AT = 40;
  private static final int SEGMENT_COUNT_AT = 56;
  private static final int SECTION_COUNT_AT = 60;

  private static final int SEGMENT = 56;
  private static final int SEGMENT_OFFSET_AT = 8;
  private static final int SEGMENT_LENGTH_AT = 32;
  private static final int SECTION = 64;

  /** e_machine by Java's names of machines; what is not listed is not compared. */
  private static final Map<String, Integer> MACHINES =
      Map.of(
          "amd64",
          62,
          "x86_64",
          62,
          "aarch64",
          183,
          "ppc64le",
          21,
          "riscv64",
          243,
          "s390x",
          22,
          "loongarch64",
          258);

  private ElfHeaders() {}

  static Finding look(LibraryFile file, SearchEnvironment environment) throws IOException {
    Optional<ByteBuffer> ident = file.read(0, IDENT);
    if (ident.isEmpty() || ident.get().getInt(0) != MAGIC) {
      return file.isNot("ELF library");
    }
    Optional<ByteBuffer> read = file.read(0, HEADER);
    if (read.isEmpty()) {
      return file.cutOff("its ELF header", 0, HEADER);
    }
    ByteBuffer header = read.get();
    if (header.get(ORDER_AT) == BIG) {
      header.order(ByteOrder.BIG_ENDIAN);
    }
    int machine = Short.toUnsignedInt(header.getShort(MACHINE_AT));
    if (!fits(header, machine, environment.property("os.arch").toLowerCase(Locale.ROOT))) {
      String bits = header.get(CLASS_AT) == CLASS_64 ? "64" : "32";
      return file.isFor("ELF machine " + machine + ", " + bits + " bits", environment);
    }
    Finding mapped = segments(file, header);
    return mapped.fits() ? sections(file, header) : mapped;
  }

  private static boolean fits(ByteBuffer header, int machine, String here) {
    byte order = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? LITTLE : BIG;
    return header.get(CLASS_AT) == CLASS_64
        && header.get(ORDER_AT) == order
        && MACHINES.getOrDefault(here, machine) == machine;
  }

  /** What is mapped. */
  private static Finding segments(LibraryFile file, ByteBuffer header) throws IOException {
    long from = header.getLong(SEGMENTS_AT);
    int count = Short.toUnsignedInt(header.getShort(SEGMENT_COUNT_AT));
    Optional<ByteBuffer> table = file.read(from, (long) count * SEGMENT);
    if (table.isEmpty()) {
      return file.cutOff("its table of program headers", from, (long) count * SEGMENT);
    }
    for (int i = 0; i < count; i++) {
      ByteBuffer segment = table.get().slice(i * SEGMENT, SEGMENT).order(header.order());
      long offset = segment.getLong(SEGMENT_OFFSET_AT);
      long length = segment.getLong(SEGMENT_LENGTH_AT);
      if (!file.has(offset, length)) {
        return file.cutOff("its segment " + i, offset, length);
      }
    }
    return Finding.FITS;
  }

  /** Not mapped, but the last thing in most files: without it there is something missing. */
  private static Finding sections(LibraryFile file, ByteBuffer header) {
    long from = header.getLong(SECTIONS_AT);
    long bytes = (long) Short.toUnsignedInt(header.getShort(SECTION_COUNT_AT)) * SECTION;
    return file.has(from, bytes)
        ? Finding.FITS
        : file.cutOff("its table of section headers", from, bytes);
  }
}

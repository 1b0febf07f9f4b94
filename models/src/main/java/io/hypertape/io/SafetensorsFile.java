package io.hypertape.io;

import io.hypertape.checks.Nulls;
import io.hypertape.io.guard.FileKind;
import io.hypertape.io.guard.FileProblem;
import io.hypertape.io.guard.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An open safetensors file: an 8-byte little-endian length, a JSON header, then the numbers; or
 * several of them as one, by the index that lies beside them ({@code
 * model.safetensors.index.json}). What the format's own implementation reads is read, every type of
 * number included; of keys that occur twice, which the format's description forbids, none is
 * chosen: such a file is refused. A file is checked before anything of the size that it claims is
 * allocated; one with a checksum of ours is read through for that.
 */
public final class SafetensorsFile implements AutoCloseable {

  private final Path file;
  private final List<SafetensorsPart> parts;
  // In the order in which the file, or the index, has them.
  private final Map<String, SafetensorsPart> partOf;
  private final Map<String, String> metadata;

  private SafetensorsFile(
      Path file,
      List<SafetensorsPart> parts,
      Map<String, SafetensorsPart> partOf,
      Map<String, String> metadata) {
    this.file = file;
    this.parts = parts;
    this.partOf = partOf;
    this.metadata = Collections.unmodifiableMap(metadata);
  }

  /**
   * A tensor in single precision.
   *
   * @param array the numbers
   * @param rounded how many of them are not what the file has, since single precision does not hold
   *     that
   */
  public record Narrowed(FloatArray array, long rounded) {

    /** Checks that all is there. */
    public Narrowed {
      Nulls.check(array, "narrowed: array");
    }
  }

  /**
   * Opens a file and checks its header, or an index and the headers of all files that it names,
   * which lie beside it.
   *
   * @param file where it is
   * @return the file, to be closed
   * @throws SafetensorsException if it is damaged or of another kind, or if files do not have what
   *     the index says
   * @throws IOException if it cannot be read
   */
  public static SafetensorsFile open(Path file) throws IOException {
    Nulls.check(file, "safetensors: file");
    Optional<String> problem = RegularFile.problem(file, "a safetensors file");
    if (problem.isPresent()) {
      throw new SafetensorsException(file + ": " + problem.get());
    }
    if (SafetensorsIndex.isOne(file, head(file))) {
      return open(SafetensorsIndex.read(file));
    }
    SafetensorsPart part = SafetensorsPart.open(file);
    Map<String, SafetensorsPart> partOf = new LinkedHashMap<>();
    part.tensors().keySet().forEach(name -> partOf.put(name, part));
    return new SafetensorsFile(file, List.of(part), partOf, part.metadata());
  }

  /** Not through a channel, which the interrupt of a thread would close. */
  private static byte[] head(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(FileKind.HEAD);
    } catch (IOException e) {
      throw FileProblem.named(file, e);
    }
  }

  private static SafetensorsFile open(SafetensorsIndex index) throws IOException {
    Map<String, SafetensorsPart> parts = new LinkedHashMap<>();
    try {
      Map<String, String> metadata = new LinkedHashMap<>(index.metadata());
      for (String name : index.files()) {
        SafetensorsPart part = SafetensorsPart.open(index.check(name));
        parts.put(name, part);
        index.check(name, part.tensors().keySet());
        part.metadata().forEach(metadata::putIfAbsent);
      }
      Map<String, SafetensorsPart> partOf = new LinkedHashMap<>();
      index.fileOf().forEach((tensor, name) -> partOf.put(tensor, parts.get(name)));
      return new SafetensorsFile(index.file(), List.copyOf(parts.values()), partOf, metadata);
    } catch (Throwable e) {
      closed(parts.values()).forEach(e::addSuppressed);
      throw e;
    }
  }

  /** Closes all, and gives what went wrong. */
  private static List<IOException> closed(Collection<SafetensorsPart> parts) {
    List<IOException> problems = new ArrayList<>();
    for (SafetensorsPart part : parts) {
      try {
        part.close();
      } catch (IOException e) {
        problems.add(e);
      }
    }
    return problems;
  }

  Path file() {
    return file;
  }

  /**
   * What the header says.
   *
   * @return tensors by name, in the order of the header or of the index
   */
  public Map<String, StoredTensor> tensors() {
    Map<SafetensorsPart, Map<String, StoredTensor>> read = new LinkedHashMap<>();
    parts.forEach(part -> read.put(part, part.tensors()));
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    partOf.forEach((name, part) -> tensors.put(name, read.get(part).get(name)));
    return Collections.unmodifiableMap(tensors);
  }

  /**
   * What headers, and the index, say beside the tensors, but for a checksum.
   *
   * @return texts by name
   */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * Whether the file has a checksum of everything in it, as {@link Safetensors#write} adds one.
   * Then it fits: a file where it does not is not opened.
   *
   * @return false for files of other programs, and for several of which one has none
   */
  public boolean isChecked() {
    return parts.stream().allMatch(SafetensorsPart::isChecked);
  }

  /**
   * A tensor in single precision, which holds all numbers but some of F64, I32, U32, I64 and U64:
   * they become the nearest. False and true are 0 and 1. A complex tensor gets a last axis of real
   * and imaginary part.
   *
   * @param name the tensor's
   * @return the numbers, and how many have become others
   * @throws SafetensorsException if the tensor is larger than an array can be, or of a type whose
   *     numbers are packed in six bits
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if there is no such tensor
   */
  public Narrowed narrow(String name) throws IOException {
    Nulls.check(name, "safetensors: name");
    return part(name).narrow(name);
  }

  /**
   * A tensor in single precision; see {@link #narrow}.
   *
   * @param name the tensor's
   * @return the nearest numbers
   * @throws IOException as {@link #narrow}
   */
  public FloatArray floats(String name) throws IOException {
    return narrow(name).array();
  }

  /**
   * A tensor in double precision, which holds all numbers but some of I64 and U64 above 2⁵³: they
   * become the nearest ({@link #longs} reads them exactly).
   *
   * @param name the tensor's
   * @return the numbers
   * @throws IOException as {@link #narrow}
   */
  public DoubleArray doubles(String name) throws IOException {
    Nulls.check(name, "safetensors: name");
    return part(name).doubles(name);
  }

  /**
   * A tensor of whole numbers, exactly. False and true are 0 and 1.
   *
   * @param name the tensor's
   * @return the numbers; those of U64 above 2⁶³ − 1 as the bits that they are ({@link
   *     Long#toUnsignedString(long)})
   * @throws SafetensorsException if the tensor is larger than an array can be
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if there is no such tensor, or it is of another type
   */
  public LongArray longs(String name) throws IOException {
    Nulls.check(name, "safetensors: name");
    return part(name).longs(name);
  }

  private SafetensorsPart part(String name) {
    SafetensorsPart part = partOf.get(name);
    if (part == null) {
      throw new IllegalArgumentException(
          file + ": has no tensor '" + name + "'; there are " + partOf.keySet());
    }
    return part;
  }

  @Override
  public void close() throws IOException {
    List<IOException> problems = closed(parts);
    if (!problems.isEmpty()) {
      IOException first = problems.getFirst();
      problems.subList(1, problems.size()).forEach(first::addSuppressed);
      throw first;
    }
  }
}

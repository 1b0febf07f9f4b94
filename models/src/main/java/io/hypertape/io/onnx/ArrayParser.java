package io.hypertape.io.onnx;

import io.hypertape.io.guard.FileProblem;
import io.hypertape.io.guard.RegularFile;
import io.hypertape.io.guard.Uninterrupted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * Reads a TensorProto, whose bytes may lie in another file of the same folder, as PyTorch's
 * exporter writes them. Sizes are compared with what there is before anything is allocated.
 */
final class ArrayParser {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Path file;
  private final LongStream.Builder dims = LongStream.builder();
  private final LongStream.Builder wholes = LongStream.builder();
  private final DoubleStream.Builder numbers = DoubleStream.builder();
  private final Map<String, String> external = new HashMap<>();
  private String name = "";
  private long type;
  private boolean isOutside;
  private ByteBuffer raw = NOTHING;

  private ArrayParser(Path file) {
    this.file = file;
  }

  /**
   * Reads one.
   *
   * @param file beside which other files are looked for
   */
  static StoredArray parse(Path file, ProtoReader in) throws IOException {
    return new ArrayParser(file).parse(in);
  }

  private StoredArray parse(ProtoReader in) throws IOException {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> in.integers(dims);
        case 2 -> type = in.integer();
        case 4 -> in.singles(numbers);
        case 5, 7, 11 -> in.integers(wholes);
        case 8 -> name = in.text();
        case 9 -> raw = in.bytes();
        case 10 -> in.doubles(numbers);
        case 13 -> in.message().entry(external);
        case 14 -> isOutside = in.integer() == 1;
        case 3, 6 ->
            throw new OnnxException(what() + " is stored as text or in segments; numbers are read");
        default -> in.skip();
      }
    }
    ElementType known = ElementType.of(type, what());
    int[] shape = shape();
    long size = StoredArray.size(what(), shape);
    ByteBuffer bytes = isOutside ? outside(in, size * known.bytes()) : raw;
    long[] whole = wholes.build().toArray();
    double[] number = numbers.build().toArray();
    long given = Math.max(Math.max(whole.length, number.length), bytes.remaining() / known.bytes());
    boolean oneForm =
        whole.length + number.length + (long) bytes.remaining()
            == Math.max(Math.max(whole.length, number.length), bytes.remaining());
    if (given != size || !oneForm || bytes.remaining() % known.bytes() != 0) {
      throw new OnnxException(
          what() + " of " + size + " elements has " + given + " numbers, or in several forms");
    }
    return new StoredArray(name, known, shape, bytes, whole, number);
  }

  private String what() {
    return file + ": tensor '" + name + "'";
  }

  private int[] shape() throws OnnxException {
    long[] lengths = dims.build().toArray();
    int[] shape = new int[lengths.length];
    for (int axis = 0; axis < shape.length; axis++) {
      if (lengths[axis] < 0 || lengths[axis] > Integer.MAX_VALUE) {
        throw new OnnxException(what() + " has an axis of length " + lengths[axis]);
      }
      shape[axis] = (int) lengths[axis];
    }
    return shape;
  }

  private ByteBuffer outside(ProtoReader in, long wanted) throws IOException {
    Path other = beside(external.getOrDefault("location", ""));
    long offset = number("offset", 0);
    long length = number("length", wanted);
    Optional<String> problem =
        Files.exists(other)
            ? RegularFile.problem(other, "a file of numbers")
            : Optional.of("is not there; it has the numbers of " + what());
    if (problem.isPresent()) {
      throw new OnnxException(other + ": " + problem.get());
    }
    long size = Files.size(other);
    if (length != wanted || offset > size || length > size - offset) {
      throw new OnnxException(
          what()
              + " is said to be "
              + length
              + " bytes from "
              + offset
              + " on in "
              + other.getFileName()
              + ", which has "
              + size
              + "; "
              + wanted
              + " are needed");
    }
    in.charge(length);
    return ByteBuffer.wrap(
        Uninterrupted.call(
            () -> {
              try (InputStream bytes = Files.newInputStream(other)) {
                bytes.skipNBytes(offset);
                return bytes.readNBytes((int) length);
              } catch (java.nio.channels.ClosedByInterruptException e) {
                // Read again, by whoever knows that.
                throw e;
              } catch (IOException e) {
                throw FileProblem.named(other, e);
              }
            }));
  }

  private long number(String key, long otherwise) throws OnnxException {
    String text = external.get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new OnnxException(what() + ": its " + key + " is '" + text + "'; a number is needed");
  }

  private Path beside(String location) throws OnnxException {
    boolean plain =
        !location.isBlank()
            && location.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ')
            && !location.equals(".")
            && !location.equals("..");
    if (!plain) {
      throw new OnnxException(
          what() + " lies in '" + location + "'; the name of a file beside the model is needed");
    }
    return file.resolveSibling(location);
  }
}

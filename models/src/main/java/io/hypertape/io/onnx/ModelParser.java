package io.hypertape.io.onnx;

import io.hypertape.io.guard.FileKind;
import io.hypertape.io.guard.FileProblem;
import io.hypertape.io.guard.HeapRoom;
import io.hypertape.io.guard.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * Reads an ONNX file: a ModelProto.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">its description</a>
 */
final class ModelParser {

  private final Path file;
  private final List<ProtoNode> nodes = new ArrayList<>();
  private final Map<String, StoredArray> initializers = new LinkedHashMap<>();
  private final List<ProtoValue> inputs = new ArrayList<>();
  private final List<ProtoValue> outputs = new ArrayList<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private long opset = -1;
  private int graphs;

  private ModelParser(Path file) {
    this.file = file;
  }

  static ProtoModel parse(Path file) throws IOException {
    Optional<String> problem = RegularFile.problem(file, "an ONNX model");
    if (problem.isPresent()) {
      throw new OnnxException(file + ": " + problem.get());
    }
    long size = Files.size(file);
    HeapRoom room = HeapRoom.ofJvm();
    if (size > Integer.MAX_VALUE - 8 || !room.fits(size)) {
      throw new OnnxException(room.lacking(file + ": its " + size + " bytes", size));
    }
    room.keep(size);
    byte[] bytes = FileProblem.bytes(file);
    try {
      return new ModelParser(file)
          .parse(new ProtoReader(file.toString(), ByteBuffer.wrap(bytes), room));
    } catch (OnnxException e) {
      byte[] head = Arrays.copyOf(bytes, Math.min(bytes.length, FileKind.HEAD));
      Optional<String> kind = FileKind.of(head).map(FileKind::toString);
      // What it is instead says more than where it is damaged.
      throw kind.isEmpty() || kind.get().contains("ONNX")
          ? e
          : new OnnxException(file + ": " + kind.get() + "; an ONNX model is expected");
    }
  }

  private ProtoModel parse(ProtoReader in) throws IOException {
    while (in.next()) {
      switch (in.field()) {
        case 7 -> graph(in.message());
        case 8 -> opset(in.message());
        case 14 -> in.message().entry(metadata);
        default -> in.skip();
      }
    }
    if (graphs != 1 || opset < 0) {
      throw new OnnxException(
          file + ": no ONNX model, or cut off: it has no graph, or no version of ONNX's ops");
    }
    inputs.removeIf(input -> initializers.containsKey(input.name()));
    return new ProtoModel(opset, metadata, nodes, initializers, inputs, outputs);
  }

  private void opset(ProtoReader in) throws OnnxException {
    String domain = "";
    long version = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> domain = in.text();
        case 2 -> version = in.integer();
        default -> in.skip();
      }
    }
    opset = isOwn(domain) ? version : opset;
  }

  static boolean isOwn(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  private void graph(ProtoReader in) throws IOException {
    graphs++;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> nodes.add(node(in.message()));
        case 5 -> {
          StoredArray array = ArrayParser.parse(file, in.message());
          if (initializers.put(array.name(), array) != null) {
            throw new OnnxException(file + ": has two tensors '" + array.name() + "'");
          }
        }
        case 11 -> inputs.add(value(in.message()));
        case 12 -> outputs.add(value(in.message()));
        case 15 -> throw new OnnxException(file + ": has sparse tensors, which are not read");
        default -> in.skip();
      }
    }
  }

  private ProtoNode node(ProtoReader in) throws IOException {
    List<String> from = new ArrayList<>();
    List<String> to = new ArrayList<>();
    Map<String, ProtoAttribute> attributes = new LinkedHashMap<>();
    String name = "";
    String op = "";
    String domain = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> from.add(in.text());
        case 2 -> to.add(in.text());
        case 3 -> name = in.text();
        case 4 -> op = in.text();
        case 5 -> {
          ProtoAttribute attribute = attribute(in.message());
          attributes.put(attribute.name(), attribute);
        }
        case 7 -> domain = in.text();
        default -> in.skip();
      }
    }
    return new ProtoNode(name, op, isOwn(domain) ? "" : domain, from, to, attributes);
  }

  private ProtoAttribute attribute(ProtoReader in) throws IOException {
    String name = "";
    long kind = 0;
    long integer = 0;
    float single = 0;
    String text = "";
    LongStream.Builder integers = LongStream.builder();
    DoubleStream.Builder singles = DoubleStream.builder();
    Optional<StoredArray> array = Optional.empty();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> single = in.single();
        case 3 -> integer = in.integer();
        case 4 -> text = in.text();
        case 5 -> array = Optional.of(ArrayParser.parse(file, in.message()));
        case 7 -> in.singles(singles);
        case 8 -> in.integers(integers);
        case 20 -> kind = in.integer();
        default -> in.skip();
      }
    }
    return new ProtoAttribute(
        name,
        ProtoAttribute.Kind.of(kind),
        integer,
        single,
        text,
        integers.build().toArray(),
        singles.build().toArray(),
        array);
  }

  private ProtoValue value(ProtoReader in) throws OnnxException {
    String name = "";
    long[] type = {0};
    Optional<List<ProtoValue.Length>> shape = Optional.empty();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> shape = type(in.message(), type);
        default -> in.skip();
      }
    }
    return new ProtoValue(name, type[0], shape);
  }

  private static Optional<List<ProtoValue.Length>> type(ProtoReader in, long[] elements)
      throws OnnxException {
    Optional<List<ProtoValue.Length>> shape = Optional.empty();
    while (in.next()) {
      if (in.field() != 1) {
        in.skip();
        continue;
      }
      ProtoReader tensor = in.message();
      while (tensor.next()) {
        switch (tensor.field()) {
          case 1 -> elements[0] = tensor.integer();
          case 2 -> shape = Optional.of(shape(tensor.message()));
          default -> tensor.skip();
        }
      }
    }
    return shape;
  }

  private static List<ProtoValue.Length> shape(ProtoReader in) throws OnnxException {
    List<ProtoValue.Length> lengths = new ArrayList<>();
    while (in.next()) {
      if (in.field() != 1) {
        in.skip();
        continue;
      }
      ProtoReader axis = in.message();
      long number = -1;
      String name = "";
      while (axis.next()) {
        switch (axis.field()) {
          case 1 -> number = axis.integer();
          case 2 -> name = axis.text();
          default -> axis.skip();
        }
      }
      lengths.add(new ProtoValue.Length(number, name));
    }
    return lengths;
  }
}

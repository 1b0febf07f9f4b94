package io.hypertape.io.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.io.FloatArray;
import io.hypertape.io.Safetensors;
import io.hypertape.io.proto.ProtoWriter;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are damaged, of another kind, or of what is not read, are refused in words. */
class BrokenOnnxTest {

  @TempDir private Path folder;
  private Path file;
  private final Session session = Session.open(SessionOptions.of(Device.REFERENCE));

  @BeforeEach
  void name() {
    file = folder.resolve("model.onnx");
  }

  @AfterEach
  void close() {
    session.close();
  }

  private String refused() {
    return refused(OnnxException.class);
  }

  private String refused(Class<? extends Exception> kind) {
    return assertThrows(
            kind,
            () -> {
              try (OnnxModel model = Onnx.read(session, file)) {
                session.scoped(() -> model.forward(session.ones(2, 3), Mode.EVALUATE).toFloats());
              }
            })
        .getMessage();
  }

  private void assertRefused(String part) {
    String message = refused();
    assertTrue(message.startsWith(file + ": ") && message.contains(part), message);
  }

  private static ProtoWriter input() {
    return NetworkExport.value("x", ElementType.FLOAT, "batch", 3);
  }

  private static ProtoWriter output() {
    return NetworkExport.value("y", ElementType.FLOAT, "batch", 3);
  }

  /** A graph from x [batch, 3] to y. */
  private void write(Consumer<OnnxGraph> nodes, int opset) throws IOException {
    OnnxGraph graph = new OnnxGraph(List.of("x", "y"));
    nodes.accept(graph);
    write(graph.message("g", List.of(input()), List.of(output())), opset);
  }

  private void write(ProtoWriter graph, int opset) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Onnx.message(graph, opset, Map.of()).writeTo(bytes);
    Files.write(file, bytes.toByteArray());
  }

  private void write(Consumer<OnnxGraph> nodes) throws IOException {
    write(nodes, OnnxGraph.OPSET);
  }

  private static void relu(OnnxGraph graph) {
    name(graph, graph.node("Relu", "x"));
  }

  private static void name(OnnxGraph graph, OnnxNode node) {
    node.rename(node.outputs(1).getFirst(), "y");
  }

  @Test
  void aWholeOneIsRead() throws IOException {
    write(BrokenOnnxTest::relu);
    try (OnnxModel model = Onnx.read(session, file)) {
      session.scoped(
          () -> {
            Tensor x = session.tensor(new float[] {-1, 2, -3}, 1, 3);
            assertArrayEquals(new float[] {0, 2, 0}, model.forward(x, Mode.EVALUATE).toFloats());
          });
    }
  }

  @Test
  void whatIsCutOffOrChangedNeverDoesHarm() throws IOException {
    Onnx.write(file, Mlp.create(session, MlpSpec.tanh(3, 4, 3), 1));
    byte[] whole = Files.readAllBytes(file);
    int graphEnds = whole.length - "activations".length() - 40;
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      if (length < graphEnds) {
        refused();
      }
    }
    Random random = new Random(1);
    for (int trial = 0; trial < 2000; trial++) {
      byte[] bytes = whole.clone();
      for (int k = random.nextInt(3); k >= 0; k--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      Files.write(file, bytes);
      try (OnnxModel model = Onnx.read(session, file)) {
        session.scoped(() -> model.forward(session.ones(2, 3), Mode.TRAIN).toFloats());
      } catch (OnnxException | IllegalArgumentException e) {
        assertTrue(e.getMessage().length() > 20, e.getMessage());
      }
    }
  }

  @Test
  void otherKindsOfFiles() throws IOException {
    new Safetensors(Map.of("x", new FloatArray(new int[] {1}, new float[1])), Map.of()).write(file);
    assertRefused("a safetensors file; an ONNX model is expected");
    Files.writeString(file, "<html>404</html>");
    assertRefused("a web page");
    Files.write(file, new byte[0]);
    assertRefused("an empty file");
    Files.delete(file);
    Files.createDirectory(file);
    assertRefused("a folder; an ONNX model is expected");
  }

  @Test
  void opsThatAreNotReadAreNamed() throws IOException {
    write(
        graph -> {
          String resized = graph.node("Resize", "x").output();
          name(graph, graph.node("Einsum", graph.node("Erf", resized).output()));
        });
    String message = refused();
    assertTrue(
        message.contains(
            "has ops that are not read: Einsum, Erf, Resize, the first of them Resize (node"
                + " 'Resize_1'); read are Abs, Add, "),
        message);
    write(graph -> name(graph, graph.node("Relu", "x").with("beta", 2)));
    assertRefused("Relu (node 'Relu_1'): its attribute beta is not known here");
    write(graph -> name(graph, graph.node("LSTM", "x", "x", "x").with("direction", "reverse")));
    assertRefused("its direction is 'reverse'; forward is read");
    write(graph -> name(graph, graph.node("Conv", "x", "x").with("strides", new long[] {0, 1})));
    assertRefused("strides has 0; 1 or more is needed");
    write(graph -> name(graph, graph.node("Conv", "x", "x").with("strides", new long[] {1})));
    assertRefused("strides has 1 numbers; 2 are needed");
    write(graph -> name(graph, graph.node("Conv", "x", "x").with("group", "many")));
    assertRefused("group is STRING; INT is needed");
    write(graph -> name(graph, graph.node("Pad", "x", "x").with("mode", "reflect")));
    assertRefused("its mode is 'reflect'; constant is read");
    write(BrokenOnnxTest::relu, 10);
    assertRefused("its ops are of version 10; 11 to 28 are read. In Python, onnx.save(");
    write(BrokenOnnxTest::relu, 99);
    assertRefused("its ops are of version 99");
  }

  @Test
  void graphsThatAreNone() throws IOException {
    write(graph -> name(graph, graph.node("Relu", "z")));
    assertRefused("its input 'z' is not known");
    write(
        graph -> {
          relu(graph);
          name(graph, graph.node("Tanh", "x"));
        });
    assertRefused("Tanh (node 'Tanh_1'): there is another value 'y'");
    write(graph -> graph.node("Relu", "x"));
    assertRefused("its output 'y' is not computed");
    ProtoWriter array = new ProtoWriter().integer(1, 5).integer(2, 1).text(8, "w");
    write(graph(array), 17);
    assertRefused("tensor 'w' of 5 elements has 0 numbers");
    write(graph(array.floats(9, new float[4])), 17);
    assertRefused("tensor 'w' of 5 elements has 4 numbers");
    ProtoWriter huge =
        new ProtoWriter().integer(1, 1 << 30).integer(1, 1 << 30).integer(2, 1).text(8, "w");
    write(graph(huge), 17);
    assertRefused("is too large to hold in an array");
    write(graph(new ProtoWriter().integer(1, -1).integer(2, 1).text(8, "w")), 17);
    assertRefused("has an axis of length -1");
    write(graph(new ProtoWriter().integer(2, 8).text(8, "w")), 17);
    assertRefused("has elements of ONNX's type 8, which is not read");
  }

  private static ProtoWriter graph(ProtoWriter array) {
    ProtoWriter node = new ProtoWriter().text(1, "x").text(2, "y").text(4, "Relu");
    return new ProtoWriter()
        .message(1, node)
        .message(5, array)
        .message(11, input())
        .message(12, output());
  }

  private static ProtoWriter outside(String location, int... numbers) {
    String[] keys = {"offset", "length"};
    ProtoWriter array = new ProtoWriter().integer(1, 2).integer(2, 1).text(8, "w").integer(14, 1);
    array.message(13, new ProtoWriter().text(1, "location").text(2, location));
    for (int i = 0; i < numbers.length; i++) {
      array.message(13, new ProtoWriter().text(1, keys[i]).text(2, Integer.toString(numbers[i])));
    }
    return array;
  }

  @Test
  void weightsInAnotherFile() throws IOException {
    Path other = folder.resolve("weights");
    Files.write(other, new byte[] {0, 0, 0, 0, 0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40});
    write(graph(outside("weights", 4, 8)), 17);
    try (OnnxModel model = Onnx.read(session, file)) {
      assertArrayEquals(new float[] {1, 2}, model.parameters().getFirst().value().toFloats());
    }
    write(graph(outside("weights", 8, 8)), 17);
    assertRefused("is said to be 8 bytes from 8 on in weights, which has 12; 8 are needed");
    write(graph(outside("weights", 0, 4)), 17);
    assertRefused("is said to be 4 bytes");
    write(graph(outside("weights", -1)), 17);
    assertRefused("its offset is '-1'; a number is needed");
    for (String name : List.of("../weights", "/etc/passwd", "..", "", "a\\b", "c:d")) {
      write(graph(outside(name, 0, 8)), 17);
      assertRefused("the name of a file beside the model is needed");
    }
    write(graph(outside("none", 0, 8)), 17);
    String message = refused();
    assertTrue(message.contains("none: is not there"), message);
  }

  @Test
  void inputsThatDoNotFit() throws IOException {
    write(BrokenOnnxTest::relu);
    try (OnnxModel model = Onnx.read(session, file);
        Scope unused = session.scratch()) {
      for (Tensor x :
          List.of(session.ones(2, 4), session.ones(3), session.indices(1, 2, 3).reshape(1, 3))) {
        String message =
            assertThrows(IllegalArgumentException.class, () -> model.forward(x, Mode.EVALUATE))
                .getMessage();
        assertTrue(
            message.contains("floating-point numbers of shape [batch, 3] are needed"), message);
      }
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> model.forward(Map.of("z", session.ones(2, 3)), Mode.EVALUATE))
              .getMessage();
      assertEquals("ONNX: given are [z]; the inputs are [x]", message);
    }
  }

  /** What a small file would have grow beyond memory is refused when it is asked to. */
  @Test
  void whatGrowsIsCompared() throws IOException {
    String part = "and -Xmx makes it larger";
    long much = 1L << 30;
    write(graph -> name(graph, graph.node("Expand", "x", graph.wholes(much, 1, 3))));
    assertTrue(refused(IllegalArgumentException.class).contains("length of"));
    write(graph -> name(graph, graph.node("Expand", "x", graph.wholes(much / 4, 1, 3))));
    assertTrue(refused(IllegalArgumentException.class).contains(part));
    write(graph -> name(graph, graph.node("Pad", "x", graph.wholes(0, much / 4, 0, much / 4))));
    assertTrue(refused(IllegalArgumentException.class).contains(part));
    write(
        graph -> {
          String zeros = graph.node("ConstantOfShape", graph.wholes(much)).output();
          name(graph, graph.node("Identity", zeros));
        });
    assertTrue(refused(IllegalArgumentException.class).contains(part));
  }
}

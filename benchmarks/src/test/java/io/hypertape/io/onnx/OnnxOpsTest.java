package io.hypertape.io.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.io.proto.ProtoWriter;
import io.hypertape.models.Mode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every op that is read gives what ONNX Runtime gives, in the forms that versions of ONNX have. */
class OnnxOpsTest {

  private static final double TOLERANCE = 1e-5;

  @TempDir private Path folder;

  static Stream<OnnxOpCase> cases() {
    return Stream.of(TensorOpCases.all(), ShapeOpCases.all(), LayerOpCases.all())
        .flatMap(List::stream);
  }

  private Path write(OnnxOpCase which) throws IOException {
    OnnxGraph graph = new OnnxGraph(List.of());
    String[] names = new String[which.inputs().size()];
    List<ProtoWriter> inputs = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      names[i] = graph.fresh("x" + i);
      Object[] axes = IntStream.of(which.inputs().get(i)).boxed().toArray();
      inputs.add(NetworkExport.value(names[i], ElementType.FLOAT, axes));
    }
    String output = graph.output(which.nodes().apply(graph, names), "y");
    // Without a shape, which the runtime finds out.
    ProtoWriter type =
        new ProtoWriter().message(1, new ProtoWriter().integer(1, ElementType.FLOAT.number()));
    ProtoWriter value = new ProtoWriter().text(1, output).message(2, type);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Onnx.message(graph.message("ops", inputs, List.of(value)), which.opset(), Map.of())
        .writeTo(bytes);
    return Files.write(folder.resolve("ops.onnx"), bytes.toByteArray());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isAsTheRuntimeHasIt(OnnxOpCase which) throws Exception {
    Path file = write(which);
    OrtEnvironment environment = OnnxRuntimeTest.environment();
    try (Session session = Session.open(Device.REFERENCE);
        OnnxModel model = Onnx.read(session, file);
        OrtSession runtime = environment.createSession(file.toString())) {
      session.scoped(
          () -> {
            Map<String, Tensor> ours = new LinkedHashMap<>();
            Map<String, OnnxTensor> theirs = new LinkedHashMap<>();
            for (int i = 0; i < which.inputs().size(); i++) {
              Tensor x = session.normal(which.inputs().get(i), 9, i);
              float[] values = x.toFloats();
              ours.put("x" + i, session.tensor(values, x.shape()));
              theirs.put("x" + i, tensor(environment, values, x.shape()));
            }
            compare(model.forward(ours, Mode.EVALUATE).get("y"), runtime, theirs);
          });
    }
  }

  private static OnnxTensor tensor(OrtEnvironment environment, float[] values, int[] shape) {
    try {
      long[] lengths = IntStream.of(shape).asLongStream().toArray();
      return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), lengths);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void compare(Tensor ours, OrtSession runtime, Map<String, OnnxTensor> inputs) {
    try (OrtSession.Result result = runtime.run(inputs)) {
      OnnxTensor theirs = (OnnxTensor) result.get(0);
      assertArrayEquals(
          IntStream.of(ours.shape()).asLongStream().toArray(), theirs.getInfo().getShape());
      FloatBuffer values = theirs.getFloatBuffer();
      double[] found = ours.toDoubles();
      assertEquals(found.length, values.remaining());
      for (double value : found) {
        double other = values.get();
        assertEquals(other, value, TOLERANCE * Math.max(1, Math.abs(other)));
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}

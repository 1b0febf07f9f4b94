package io.hypertape.io.onnx;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.fuzz.InputFile;
import io.hypertape.fuzz.Promise;
import io.hypertape.models.Mode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** ONNX files, of which whoever gives them away says what is in them. */
class OnnxFuzzTest {

  /** Numbers of an input; of a longer one no tensor is made. */
  private static final int MOST = 1000;

  @FuzzTest
  void file(byte[] input) {
    Path file = InputFile.of("model.onnx", input);
    Promise.of(OnnxException.class)
        .keep(
            input,
            () -> {
              try (Session session = Session.open(Device.REFERENCE)) {
                Onnx.read(session, file).close();
              }
            });
  }

  /** What was read is computed, or refused by name; what grows is bounded by the heap alone. */
  @FuzzTest
  void forward(byte[] input) {
    Path file = InputFile.of("model.onnx", input);
    Promise.of(OnnxException.class, IllegalArgumentException.class)
        .within(4L << 30, 1024)
        .keep(
            input,
            () -> {
              try (Session session = Session.open(Device.REFERENCE);
                  OnnxModel model = Onnx.read(session, file)) {
                session.scoped(() -> run(session, model));
              }
            });
  }

  private static void run(Session session, OnnxModel model) {
    Map<String, Tensor> given = new HashMap<>();
    for (Map.Entry<String, List<Integer>> in : model.inputs().entrySet()) {
      int[] shape = in.getValue().stream().mapToInt(length -> length == 0 ? 2 : length).toArray();
      long size = 1;
      for (int length : shape) {
        size = Math.min(size, MOST) * length;
      }
      if (size > MOST) {
        return;
      }
      given.put(in.getKey(), session.ones(shape));
    }
    model.forward(given, Mode.TRAIN);
  }
}

package io.hypertape.benchmarks.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.hypertape.benchmarks.peers.ServedPredictions;
import io.hypertape.io.FloatArray;
import io.hypertape.io.Safetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Predictions in ONNX Runtime by its artifact for Java, with models that we have written; built by
 * the Maven profile {@code djl} and started by {@code hypertape bench peers} if it is there. Every
 * caller has an input and an output tensor over direct buffers of its own, which spares the runtime
 * to allocate and to copy.
 */
public final class OnnxRuntimePredictions {

  /** How our files call the length of the first axis. */
  private static final String BATCH = "batch";

  private final OrtSession session;
  private final float[] x;
  private final ThreadLocal<Call> calls;

  private OnnxRuntimePredictions(OrtSession session, FloatArray input, FloatArray output) {
    this.session = session;
    this.x = input.data();
    this.calls = ThreadLocal.withInitial(() -> new Call(session, input.shape(), output.shape()));
  }

  /** What a thread's calls have in common. */
  private static final class Call {
    private final FloatBuffer in;
    private final FloatBuffer out;
    private final Map<String, OnnxTensor> given;
    private final Map<String, OnnxTensor> asked;

    Call(OrtSession session, int[] input, int[] output) {
      in = direct(input);
      out = direct(output);
      try {
        given = Map.of(session.getInputNames().iterator().next(), tensor(in, input));
        asked = Map.of(session.getOutputNames().iterator().next(), tensor(out, output));
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }

    private static FloatBuffer direct(int[] shape) {
      int size = IntStream.of(shape).reduce(1, Math::multiplyExact);
      return ByteBuffer.allocateDirect(size * Float.BYTES)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
    }

    private static OnnxTensor tensor(FloatBuffer values, int[] shape) throws OrtException {
      long[] lengths = IntStream.of(shape).asLongStream().toArray();
      return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), values, lengths);
    }
  }

  /**
   * Serves predictions.
   *
   * @param args a safetensors file with input and output; the model as an ONNX file; the number of
   *     threads
   * @throws IOException if the pipe breaks, or a file cannot be read
   * @throws OrtException if the runtime does not take the model
   */
  public static void main(String[] args) throws IOException, OrtException {
    Map<String, FloatArray> stored = Safetensors.read(Path.of(args[0])).tensors();
    FloatArray input = stored.get("input");
    FloatArray output = stored.get("output");
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(Integer.parseInt(args[2]));
      options.setInterOpNumThreads(1);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setSymbolicDimensionValue(BATCH, input.shape()[0]);
      options.addCPU(true);
      try (OrtSession session = environment.createSession(args[1], options)) {
        OnnxRuntimePredictions side = new OnnxRuntimePredictions(session, input, output);
        String what = "ONNX Runtime " + environment.getVersion() + ", " + args[2] + " threads";
        ServedPredictions.serve(what, side::predict, output.data());
      }
    }
  }

  private float[] predict() {
    Call call = calls.get();
    call.in.put(0, x);
    try (OrtSession.Result result = session.run(call.given, call.asked)) {
      float[] y = new float[call.out.capacity()];
      call.out.get(0, y);
      return y;
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}

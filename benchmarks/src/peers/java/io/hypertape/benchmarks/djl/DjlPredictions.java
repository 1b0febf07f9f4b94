package io.hypertape.benchmarks.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import io.hypertape.benchmarks.peers.ServedPredictions;
import io.hypertape.io.FloatArray;
import io.hypertape.io.Safetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Predictions in DJL with its PyTorch engine, with our weights; built by the Maven profile {@code
 * djl} and started by {@code hypertape bench peers} if it is there. A call is what is in one of
 * {@link ai.djl.inference.Predictor}: tensors of a scope of its own, and the block's forward pass
 * outside training. Every caller has a direct buffer for its input, of which DJL makes a tensor
 * without a copy.
 */
public final class DjlPredictions {

  private final NDManager manager;
  private final Block block;
  private final ParameterStore parameters;
  private final float[] x;
  private final Shape shape;
  private final ThreadLocal<ByteBuffer> buffers;

  private DjlPredictions(NDManager manager, DjlModel model, Map<String, FloatArray> stored) {
    FloatArray input = stored.get("input");
    this.manager = manager;
    this.block = model.block();
    this.parameters = new ParameterStore(manager, false);
    this.x = input.data();
    this.shape = shape(input);
    this.buffers =
        ThreadLocal.withInitial(
            () -> ByteBuffer.allocateDirect(x.length * Float.BYTES).order(ByteOrder.nativeOrder()));
    block.initialize(manager, DataType.FLOAT32, shape);
    Iterator<String> names = model.names().iterator();
    for (Parameter parameter : block.getParameters().values()) {
      parameter.freeze(true);
      fill(parameter.getArray(), names.next(), stored);
    }
    if (names.hasNext()) {
      throw new IllegalArgumentException("DJL's model has no parameter for " + names.next());
    }
  }

  private static void fill(NDArray array, String name, Map<String, FloatArray> stored) {
    FloatArray given = stored.get(name);
    if (given == null || !shape(given).equals(array.getShape())) {
      throw new IllegalArgumentException(
          name + " is " + given + " where DJL's model has " + array.getShape());
    }
    array.set(given.data());
  }

  private static Shape shape(FloatArray array) {
    return new Shape(IntStream.of(array.shape()).asLongStream().toArray());
  }

  /**
   * Serves predictions.
   *
   * @param args {@code mlp}, {@code cnn} or {@code resnet20}; a safetensors file with its weights,
   *     input and output; the number of threads
   * @throws IOException if the pipe breaks, or the file cannot be read
   */
  public static void main(String[] args) throws IOException {
    System.setProperty("ai.djl.pytorch.num_threads", args[2]);
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    Map<String, FloatArray> stored = Safetensors.read(Path.of(args[1])).tensors();
    try (NDManager manager = NDManager.newBaseManager()) {
      DjlPredictions side = new DjlPredictions(manager, DjlModel.of(args[0]), stored);
      Engine engine = manager.getEngine();
      String what =
          "DJL "
              + Engine.getDjlVersion()
              + " with "
              + engine.getEngineName()
              + " "
              + engine.getVersion()
              + ", "
              + args[2]
              + " threads";
      ServedPredictions.serve(what, side::predict, stored.get("output").data());
    }
  }

  private float[] predict() {
    ByteBuffer buffer = buffers.get();
    buffer.asFloatBuffer().put(x);
    try (NDManager scope = manager.newSubManager()) {
      NDList in = new NDList(scope.create(buffer, shape, DataType.FLOAT32));
      return block.forward(parameters, in, false).singletonOrThrow().toFloatArray();
    }
  }
}

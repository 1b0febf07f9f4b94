package io.hypertape.benchmarks.djl;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.hypertape.benchmarks.fork.Server;
import java.io.IOException;

/**
 * SGD steps of the paper's MLP (784-128-10, tanh, batch 256) in DJL with its PyTorch engine; built
 * by the Maven profile {@code djl} and started by {@code hypertape bench peers} if it is there.
 */
public final class DjlSteps {

  private static final int BATCH = 256;
  private static final int FEATURES = 784;
  private static final int CLASSES = 10;
  private static final int BATCHES = 40;

  private final NDArray[] x = new NDArray[BATCHES];
  private final NDArray[] y = new NDArray[BATCHES];
  private int place;

  private DjlSteps(NDManager manager) {
    for (int i = 0; i < BATCHES; i++) {
      x[i] = manager.randomUniform(0, 1, new Shape(BATCH, FEATURES));
      y[i] = manager.randomInteger(0, CLASSES, new Shape(BATCH), DataType.INT64);
    }
  }

  /**
   * Serves steps.
   *
   * @param args the number of threads
   * @throws IOException if the pipe breaks
   */
  public static void main(String[] args) throws IOException {
    System.setProperty("ai.djl.pytorch.num_threads", args[0]);
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    SequentialBlock block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(128).build())
            .add(Activation.tanhBlock())
            .add(Linear.builder().setUnits(CLASSES).build())
            .add(Activation.tanhBlock());
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.01f)).build());
    try (Model model = Model.newInstance("mlp")) {
      model.setBlock(block);
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(BATCH, FEATURES));
        DjlSteps data = new DjlSteps(trainer.getManager());
        Engine engine = Engine.getInstance();
        long size =
            block.getParameters().values().stream().mapToLong(p -> p.getArray().size()).sum();
        Server.serve(
            engine.getEngineName()
                + " "
                + engine.getVersion()
                + ", "
                + args[0]
                + " threads, "
                + size
                + " parameters",
            count -> data.run(trainer, count));
      }
    }
  }

  private double run(Trainer trainer, int count) {
    float value = 0;
    for (int i = 0; i < count; i++) {
      try (NDManager scope = trainer.getManager().newSubManager();
          GradientCollector collector = trainer.newGradientCollector()) {
        NDList in = new NDList(x[place]);
        in.attach(scope);
        NDArray loss = trainer.getLoss().evaluate(new NDList(y[place]), trainer.forward(in));
        collector.backward(loss);
        value = loss.getFloat();
        in.attach(trainer.getManager());
      }
      trainer.step();
      place = (place + 1) % BATCHES;
    }
    return value;
  }
}

package io.hypertape.benchmarks.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import java.util.ArrayList;
import java.util.List;

/** A model of ours, of DJL's blocks: from an input to log-probabilities. */
final class DjlModel {

  private static final int CLASSES = 10;
  private static final int WIDTH = 16;
  private static final NDIndex EVERY_OTHER_PIXEL = new NDIndex(":, :, ::2, ::2");

  private final List<String> names = new ArrayList<>();
  private final SequentialBlock block;

  private DjlModel(String model) {
    this.block =
        switch (model) {
          case "mlp" -> mlp();
          case "cnn" -> cnn();
          case "resnet20" -> resNet20();
          default ->
              throw new IllegalArgumentException(
                  "model is '" + model + "'; mlp, cnn, resnet20 fit");
        };
    block.addSingleton(scores -> scores.logSoftmax(1));
  }

  /** By its name. */
  static DjlModel of(String model) {
    return new DjlModel(model);
  }

  Block block() {
    return block;
  }

  /** Our names of its parameters, in its order. */
  List<String> names() {
    return names;
  }

  private SequentialBlock mlp() {
    return new SequentialBlock()
        .add(dense("layer1", 128))
        .add(Activation.tanhBlock())
        .add(dense("layer2", CLASSES))
        .add(Activation.tanhBlock());
  }

  private SequentialBlock cnn() {
    SequentialBlock all = new SequentialBlock();
    int filters = WIDTH;
    for (String name : List.of("conv1", "conv2")) {
      all.add(convolution(name, filters, 5, 1, true))
          .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
          .add(Activation.reluBlock());
      filters *= 2;
    }
    return all.add(Blocks.batchFlattenBlock()).add(dense("linear", CLASSES));
  }

  private SequentialBlock resNet20() {
    SequentialBlock all =
        new SequentialBlock()
            .add(convolution("conv1", WIDTH, 3, 1, false))
            .add(norm("bn1"))
            .add(Activation.reluBlock());
    for (int stage = 1; stage <= 3; stage++) {
      for (int k = 0; k < 3; k++) {
        int stride = stage > 1 && k == 0 ? 2 : 1;
        all.add(residual("layer" + stage + "." + k, WIDTH << (stage - 1), stride));
      }
    }
    return all.add(Pool.globalAvgPool2dBlock()).add(dense("linear", CLASSES));
  }

  private Block residual(String name, int filters, int stride) {
    Block body =
        new SequentialBlock()
            .add(convolution(name + ".conv1", filters, 3, stride, false))
            .add(norm(name + ".bn1"))
            .add(Activation.reluBlock())
            .add(convolution(name + ".conv2", filters, 3, 1, false))
            .add(norm(name + ".bn2"));
    Block shortcut =
        stride == 1
            ? Blocks.identityBlock()
            : new SequentialBlock().addSingleton(x -> padded(x, filters / 4));
    return new ParallelBlock(
        parts ->
            new NDList(
                Activation.relu(
                    parts.get(0).singletonOrThrow().add(parts.get(1).singletonOrThrow()))),
        List.of(body, shortcut));
  }

  /** Half the pixels each way, and channels of zeros before and after. */
  private static NDArray padded(NDArray x, int channels) {
    return x.get(EVERY_OTHER_PIXEL).pad(new Shape(0, 0, 0, 0, channels, channels), 0);
  }

  private Block dense(String name, int units) {
    names.add(name + ".weight");
    names.add(name + ".bias");
    return Linear.builder().setUnits(units).build();
  }

  private Block convolution(String name, int filters, int size, int stride, boolean isBiased) {
    names.add(name + ".weight");
    if (isBiased) {
      names.add(name + ".bias");
    }
    return Conv2d.builder()
        .setFilters(filters)
        .setKernelShape(new Shape(size, size))
        .optStride(new Shape(stride, stride))
        .optPadding(new Shape(size / 2, size / 2))
        .optBias(isBiased)
        .build();
  }

  private Block norm(String name) {
    for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
      names.add(name + "." + part);
    }
    return BatchNorm.builder().build();
  }
}

package io.hypertape.models;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.ShardGroup;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.List;

/**
 * Batch normalization (Ioffe, Szegedy 2015): each channel less its mean, over its deviation, times
 * γ, plus β. In training mean and variance are the batch's, and running ones follow them: running ←
 * running + momentum·(batch's − running), the variance without bias, as PyTorch does it. In use the
 * running ones are taken.
 *
 * @param weight γ [channels]
 * @param bias β [channels]
 * @param runningMean [channels]
 * @param runningVariance [channels]
 * @param momentum the batch's share in the running values, 0 to 1
 * @param eps added to the variance, above 0
 */
public record BatchNorm2d(
    Parameter weight,
    Parameter bias,
    Buffer runningMean,
    Buffer runningVariance,
    double momentum,
    double eps)
    implements Layer {

  /** Checks the two numbers. */
  public BatchNorm2d {
    Nulls.check(weight, "batch norm: weight");
    Nulls.check(bias, "batch norm: bias");
    Nulls.check(runningMean, "batch norm: runningMean");
    Nulls.check(runningVariance, "batch norm: runningVariance");
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException(
          "batch norm " + weight.name() + ": momentum is " + momentum + "; 0 to 1 fits");
    }
    if (!(eps > 0 && eps < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "batch norm "
              + weight.name()
              + ": eps is "
              + eps
              + "; a finite number above 0 is needed");
    }
  }

  /**
   * As PyTorch starts it: γ and variance 1, β and mean 0, momentum 0.1, ε 10⁻⁵.
   *
   * @param factory makes the parameters
   * @param name such as {@code bn1}
   * @param channels of the input
   * @return the layer
   */
  public static BatchNorm2d create(ParameterFactory factory, String name, int channels) {
    Nulls.check(factory, "batch norm: factory");
    Nulls.check(name, "batch norm: name");
    int[] shape = {channels};
    return new BatchNorm2d(
        factory.parameter(name + ".weight", shape, Initializer.constant(1), 1, 1),
        factory.parameter(name + ".bias", shape, Initializer.constant(0), 1, 1),
        factory.buffer(name + ".running_mean", shape, 0),
        factory.buffer(name + ".running_var", shape, 1),
        0.1,
        1e-5);
  }

  /**
   * Normalizes.
   *
   * @param input [N, channels, H, W], or [N, channels]
   * @param mode whose mean and variance are taken
   * @return the input's shape
   * @throws IllegalArgumentException if there is but one value a channel in training: its deviation
   *     is 0
   */
  @Override
  public Tensor forward(Tensor input, Mode mode) {
    Nulls.check(input, "batch norm: input");
    Nulls.check(mode, "batch norm: mode");
    if (mode == Mode.EVALUATE) {
      return NeuralOps.normalize(
          input, weight.value(), bias.value(), runningMean.read(), runningVariance.read(), eps);
    }
    int channels = weight.size();
    int n = input.size() / channels;
    checkValues(n);
    NeuralOps.BatchNorm batch = NeuralOps.batchNorm(input, weight.value(), bias.value(), eps);
    follow(runningMean, batch.mean(), momentum);
    // The batch's variance divides by n, the running one shall be the estimate that divides by n−1.
    follow(runningVariance, batch.variance(), momentum * n / (n - 1));
    return batch.y();
  }

  private void checkValues(int n) {
    if (n < 2) {
      throw new IllegalArgumentException(
          "batch norm "
              + weight.name()
              + ": training takes two or more values a channel; a batch with "
              + n
              + " was given");
    }
  }

  /**
   * Normalizes a batch's shards by mean and variance of them all: two sums over shards, the second
   * of squared distances from the mean, so that nothing cancels.
   */
  @Override
  public List<Tensor> forward(List<Tensor> shards, ShardGroup group, Mode mode) {
    Nulls.checkAll(shards, "batch norm: shards");
    Nulls.check(group, "batch norm: group");
    Nulls.check(mode, "batch norm: mode");
    if (mode == Mode.EVALUATE) {
      return group.each(shards, x -> forward(x, mode));
    }
    if (group.isWhole()) {
      checkValues(shards.stream().mapToInt(Tensor::size).sum() / weight.size());
    }
    int[] shape = shards.getFirst().shape();
    int plane = shape.length == 4 ? shape[2] * shape[3] : 1;
    Tensor count = group.rows(shards).getFirst().mul(plane);
    List<Tensor> means = means(shards, group, count);
    List<Tensor> centered = new ArrayList<>(shards.size());
    for (int k = 0; k < shards.size(); k++) {
      centered.add(shards.get(k).sub(overImages(means.get(k), shape.length)));
    }
    List<Tensor> variances = means(centered.stream().map(x -> x.square()).toList(), group, count);
    List<Tensor> normalized = new ArrayList<>(shards.size());
    for (int k = 0; k < shards.size(); k++) {
      Tensor x = centered.get(k);
      Tensor deviation = variances.get(k).add(eps).sqrt();
      normalized.add(
          group.of(
              k,
              () ->
                  x.mul(overImages(weight.value().div(deviation), shape.length))
                      .add(overImages(bias.value(), shape.length))));
    }
    follow(runningMean, means.getFirst().detach(), momentum);
    Tensor unbiased = variances.getFirst().detach().mul(count.div(count.sub(1)));
    follow(runningVariance, unbiased, momentum);
    return normalized;
  }

  /** Means over all shards of each channel, once for each shard. */
  private static List<Tensor> means(List<Tensor> shards, ShardGroup group, Tensor count) {
    int rank = shards.getFirst().shape().length;
    int channels = shards.getFirst().shape()[1];
    int[] perChannel = rank == 4 ? new int[] {1, channels, 1, 1} : new int[] {1, channels};
    List<Tensor> sums = shards.stream().map(x -> x.sumTo(perChannel).reshape(channels)).toList();
    return group.sums(sums).stream().map(sum -> sum.div(count)).toList();
  }

  /** [C] as it broadcasts over [N, C, H, W], or [N, C]. */
  private static Tensor overImages(Tensor perChannel, int rank) {
    return rank == 4 ? perChannel.reshape(perChannel.size(), 1, 1) : perChannel;
  }

  private void follow(Buffer running, Tensor value, double share) {
    running.write(running.read().mul(1 - momentum).add(value.mul(share)));
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight, bias);
  }

  @Override
  public List<Buffer> buffers() {
    return List.of(runningMean, runningVariance);
  }
}

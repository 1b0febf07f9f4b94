package io.hypertape.models;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Cross-entropy of one class an example, in nats; what PyTorch's {@code cross_entropy} and {@code
 * nll_loss} compute with the same settings. With class weights w the mean is Σ w[yᵢ]·lossᵢ / Σ
 * w[yᵢ], over the examples that are not ignored; of none it is NaN.
 *
 * @param given what the model gives
 * @param classWeights [classes], how much an example of each class counts; empty if all count alike
 * @param smoothing s, from 0 to 1: the true class counts 1 − s and all classes, the true one too,
 *     s/classes each (Szegedy et al. 2016)
 * @param ignored the class whose examples count nothing, such as that of padding: one of the
 *     classes, or their number, which is none of them
 */
public record CrossEntropy(
    Given given, Optional<Tensor> classWeights, double smoothing, OptionalInt ignored)
    implements Loss {

  private static final String NAME = "cross-entropy";

  /** What a model gives of classes. */
  public enum Given {
    /** Any numbers, of which log-softmax makes log-probabilities. */
    LOGITS,
    /** Log-probabilities, as a {@link Classifier} gives them. */
    LOG_PROBABILITIES
  }

  /** Checks the settings. */
  public CrossEntropy {
    Nulls.check(given, "cross-entropy: given");
    Nulls.check(classWeights, "cross-entropy: classWeights");
    Nulls.check(ignored, "cross-entropy: ignored");
    if (!(smoothing >= 0 && smoothing <= 1)) {
      throw new IllegalArgumentException(
          NAME + ": label smoothing is " + smoothing + "; 0 to 1 would fit");
    }
    if (ignored.isPresent() && ignored.getAsInt() < 0) {
      throw new IllegalArgumentException(
          NAME
              + ": the ignored class is "
              + ignored.getAsInt()
              + "; a class, from 0, or the number of classes would fit");
    }
  }

  /**
   * Of a model that gives logits.
   *
   * @return the loss, all classes and examples counting alike
   */
  public static CrossEntropy ofLogits() {
    return new CrossEntropy(Given.LOGITS, Optional.empty(), 0, OptionalInt.empty());
  }

  /**
   * Of a model that gives log-probabilities, as a {@link Classifier} does.
   *
   * @return the loss, all classes and examples counting alike
   */
  public static CrossEntropy ofLogProbabilities() {
    return new CrossEntropy(Given.LOG_PROBABILITIES, Optional.empty(), 0, OptionalInt.empty());
  }

  /**
   * The same with other weights of classes.
   *
   * @param newClassWeights [classes]
   * @return the changed loss
   */
  public CrossEntropy weighted(Tensor newClassWeights) {
    Nulls.check(newClassWeights, "cross-entropy: newClassWeights");
    return new CrossEntropy(given, Optional.of(newClassWeights), smoothing, ignored);
  }

  /**
   * The same with another label smoothing.
   *
   * @param newSmoothing from 0 to 1
   * @return the changed loss
   */
  public CrossEntropy smoothed(double newSmoothing) {
    return new CrossEntropy(given, classWeights, newSmoothing, ignored);
  }

  /**
   * The same, by which examples of a class do not count.
   *
   * @param label a class, or the number of classes
   * @return the changed loss
   */
  public CrossEntropy ignoring(int label) {
    return new CrossEntropy(given, classWeights, smoothing, OptionalInt.of(label));
  }

  @Override
  public Tensor of(Tensor output, Tensor target, Optional<Tensor> weights) {
    Nulls.check(output, "cross-entropy: output");
    Nulls.check(target, "cross-entropy: target");
    Nulls.check(weights, "cross-entropy: weights");
    BatchMean.checkClasses(NAME, output, target);
    Tensor rows = given == Given.LOGITS ? output.logSoftmax() : output;
    if (weights.isEmpty() && classWeights.isEmpty() && ignored.isEmpty()) {
      return Losses.nll(rows, target, smoothing);
    }
    int batch = rows.shape()[0];
    int classes = rows.shape()[1];
    Tensor none = zeros(rows, batch);
    Tensor counted = none.add(1);
    if (weights.isPresent()) {
      counted = BatchMean.checked(NAME, weights.get(), batch);
    }
    Tensor wide = rows;
    if (ignored.isPresent()) {
      Tensor kept = kept(none, target, classes);
      counted = Tensor.where(kept, counted, none);
      // A label that is none of the classes has a place of its own.
      wide = ignored.getAsInt() == classes ? rows.pad(1, 0, 1) : rows;
    }
    Tensor loss = wide.pick(target).neg();
    Tensor ofLabels = counted;
    Tensor smooth = rows;
    if (classWeights.isPresent()) {
      Tensor w = checked(classWeights.get(), classes);
      Tensor table = wide == rows ? w : w.pad(0, 0, 1);
      ofLabels = counted.mul(table.take(0, target));
      smooth = rows.mul(w);
    }
    Tensor sum = weightedSum(loss, ofLabels, none);
    if (smoothing > 0) {
      Tensor even = weightedSum(smooth.mean(1).neg(), counted, none);
      sum = sum.mul(1 - smoothing).add(even.mul(smoothing));
    }
    return sum.div(ofLabels.sum());
  }

  /** What does not count may be infinite. */
  private static Tensor weightedSum(Tensor losses, Tensor weights, Tensor none) {
    return Tensor.where(weights, losses.mul(weights), none).sum();
  }

  /** Zeros of a batch, made of what is there, whatever it is. */
  private static Tensor zeros(Tensor rows, int batch) {
    Tensor column = rows.detach().slice(1, 0, 1).reshape(batch);
    return column.greaterThan(column);
  }

  /** 1 for every example of another class than the ignored one, else 0. */
  private Tensor kept(Tensor none, Tensor target, int classes) {
    int label = ignored.getAsInt();
    if (label > classes) {
      throw new IllegalArgumentException(
          NAME
              + ": the ignored class is "
              + label
              + " of a prediction of "
              + classes
              + " classes; 0 to "
              + classes
              + " would fit");
    }
    Tensor hot = none.add(1).scatter(target, classes + 1).slice(1, label, label + 1);
    return hot.reshape(none.shape()).equalTo(0);
  }

  private static Tensor checked(Tensor weights, int classes) {
    if (weights.rank() != 1 || weights.size() != classes) {
      throw new IllegalArgumentException(
          NAME
              + ": the weights of classes have shape "
              + Arrays.toString(weights.shape())
              + "; ["
              + classes
              + "] is needed");
    }
    return weights;
  }
}

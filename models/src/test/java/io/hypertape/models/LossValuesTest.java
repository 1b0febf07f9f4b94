package io.hypertape.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.GradientCheck;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.Input;
import io.hypertape.optim.Sgd;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Losses and their gradients against PyTorch 2.13 in float64. The numbers are what {@code
 * cross_entropy}, {@code binary_cross_entropy_with_logits}, {@code mse_loss}, {@code huber_loss}
 * and {@code max(q·e, (q − 1)·e).mean()} gave, and {@code backward()}, for the tensors below; where
 * examples have weights e, {@code (f(…, reduction='none')·e).sum()/e.sum()}.
 */
class LossValuesTest {

  private final Session session = Session.open(Device.REFERENCE);
  private final Scope scope = session.scratch();

  private final Tensor x =
      session.tensor(new double[] {1, 2, 4, .5, -1, 3, 0, 0, 0, -2, 1.5, .25}, 4, 3);
  private final Tensor y = session.indices(2, 0, 1, 1);
  private final Tensor numbers =
      session.tensor(new double[] {.1, -.2, 3, 2, 0, 1, 1, 0, -1, 0, 5, 1}, 4, 3);
  private final Tensor several =
      session.tensor(new double[] {0, 1, 1, 1, 0, 0, 1, 0, .25, 0, 0, 1}, 4, 3);
  private final Tensor ofClasses = session.tensor(new double[] {1, 2, .5}, 3);
  private final Tensor ofExamples = session.tensor(new double[] {1, .5, 2, 0}, 4);

  @AfterEach
  void close() {
    scope.close();
    session.close();
  }

  /** The loss, then its gradient, as PyTorch printed them. */
  private void gives(Loss loss, Tensor target, String numbers) {
    gives(loss, target, Optional.empty(), parse(numbers));
  }

  private void weighs(Loss loss, Tensor target, String numbers) {
    gives(loss, target, Optional.of(ofExamples), parse(numbers));
  }

  private static double[] parse(String numbers) {
    return Arrays.stream(numbers.strip().split("\\s+")).mapToDouble(Double::parseDouble).toArray();
  }

  private void gives(Loss loss, Tensor target, double... numbers) {
    gives(loss, target, Optional.empty(), numbers);
  }

  private void gives(Loss loss, Tensor target, Optional<Tensor> weights, double[] numbers) {
    try (Tape tape = session.tape()) {
      Tensor watched = tape.watch(x);
      Tensor result = loss.of(watched, target, weights);
      assertEquals(numbers[0], result.item(), 1e-14);
      double[] found = tape.gradient(result, List.of(watched)).get(0).toDoubles();
      assertArrayEquals(Arrays.copyOfRange(numbers, 1, numbers.length), found, 1e-15);
    }
  }

  @Test
  void crossEntropyWeighsClassesAndSmoothsAsPyTorchDoes() {
    CrossEntropy plain = CrossEntropy.ofLogits();
    gives(
        plain,
        y,
        """
            1.0348157249716032
            0.010502516533516512 0.02854879984614862 -0.039051316379665135
            -0.2313511107169464 0.004161129652318086 0.22718998106462832
            0.08333333333333333 -0.16666666666666669 0.08333333333333333
            0.005733525749885106 -0.060131703475754444 0.05439817772586931
            """);
    gives(
        plain.weighted(ofClasses),
        y,
        """
            0.9869240801861846
            0.003819096921278732 0.010381381762235862 -0.014200478683514595
            -0.1682553532486883 0.00302627611077679 0.16522907713791152
            0.12121212121212122 -0.24242424242424243 0.12121212121212122
            0.0083396738180147 -0.08746429596473373 0.07912462214671899
            """);
    gives(
        plain.smoothed(.2),
        y,
        """
            1.1806490583049367
            -0.006164150133150154 0.011882133179481953 -0.005717983046331809
            -0.19801777738361306 -0.01250553701434858 0.21052331439796165
            0.06666666666666667 -0.13333333333333336 0.06666666666666667
            -0.010933140916781561 -0.02679837014242112 0.03773151105920264
            """);
    gives(
        plain.weighted(ofClasses).smoothed(.2),
        y,
        """
            1.1212049629320076
            -0.007283689354259061 -0.011092674010258817 0.018376363364517874
            -0.14356083472061426 -0.021115272261288225 0.16467610698190252
            0.098989898989899 -0.20404040404040408 0.10505050505050506
            -0.004476511121365313 -0.06199378645252108 0.06647029757388635
            """);
  }

  @Test
  void aClassIsIgnoredAsByPyTorch() {
    CrossEntropy plain = CrossEntropy.ofLogits();
    gives(
        plain.ignoring(1),
        y,
        """
            1.382760174485334
            0.021005033067033024 0.05709759969229724 -0.07810263275933027
            -0.4627022214338928 0.008322259304636172 0.45437996212925663
            0 0 0
            0 0 0
            """);
    gives(
        plain.weighted(ofClasses).smoothed(.2).ignoring(1),
        y,
        """
            2.2487328574092285
            -0.02670686096561656 -0.04067313803761567 0.0673799990032322
            -0.5263897273089189 -0.07742266495805683 0.6038123922669758
            0 0 0
            0 0 0
            """);
    Tensor unlabelled = session.indices(2, 3, 1, 3);
    gives(
        plain.ignoring(3),
        unlabelled,
        """
            0.6342291541121977
            0.021005033067033024 0.05709759969229724 -0.07810263275933027
            0 0 0
            0.16666666666666666 -0.33333333333333337 0.16666666666666666
            0 0 0
            """);
    gives(
        plain.weighted(ofClasses).smoothed(.2).ignoring(3),
        unlabelled,
        """
            1.0353433366442064
            -0.016024116579369935 -0.0244038828225694 0.040427999401939294
            0 0 0
            0.21777777777777774 -0.44888888888888895 0.23111111111111107
            0 0 0
            """);
    Tensor none = session.indices(3, 3, 3, 3);
    assertTrue(Double.isNaN(plain.ignoring(3).of(x, none).item()), "as PyTorch has it");
  }

  @Test
  void whatIsIgnoredMayBeInfinite() {
    double inf = Double.NEGATIVE_INFINITY;
    Tensor rows = session.tensor(new double[] {-1, -2, inf, inf, 0, 0}, 2, 3);
    CrossEntropy loss = CrossEntropy.ofLogProbabilities().ignoring(0);
    assertEquals(2, loss.of(rows, session.indices(1, 0)).item());
    Tensor weights = session.tensor(new double[] {1, 0}, 2);
    loss = CrossEntropy.ofLogProbabilities();
    assertEquals(1, loss.of(rows, session.indices(0, 0), Optional.of(weights)).item());
  }

  @Test
  void examplesHaveWeights() {
    weighs(
        CrossEntropy.ofLogits(),
        y,
        """
            1.047116503314199
            0.012002876038304584 0.032627199824169846 -0.04463007586247444
            -0.13220063469539794 0.002377788372753192 0.12982284632264474
            0.19047619047619047 -0.38095238095238093 0.19047619047619047
            0 0 0
            """);
    weighs(
        CrossEntropy.ofLogits().weighted(ofClasses).smoothed(.2),
        y,
        """
            1.2003825215398962
            -0.008012058289684968 -0.0122019414112847 0.020213999700969657
            -0.07895845909633786 -0.011613399743708525 0.09057185884004638
            0.2177777777777778 -0.448888888888889 0.23111111111111113
            0 0 0
            """);
    weighs(
        new BinaryCrossEntropy().weighted(session.tensor(new double[] {3, 1, .5}, 3)),
        several,
        """
            1.0094752065519723
            0.06962462653619093 -0.011352659240201684 -0.000856486188671026
            -0.053934381256877904 0.012806734350952148 0.045360672705830156
            -0.2857142857142857 0.09523809523809523 0.05952380952380952
            0 0 0
            """);
    weighs(
        new SquaredError(),
        numbers,
        """
            1.3595238095238094
            0.17142857142857143 0.41904761904761906 0.19047619047619047
            -0.14285714285714285 -0.09523809523809523 0.19047619047619047
            -0.38095238095238093 0 0.38095238095238093
            0 0 0
            """);
    weighs(
        new Huber(1),
        numbers,
        """
            0.5814285714285715
            0.08571428571428572 0.09523809523809523 0.09523809523809523
            -0.047619047619047616 -0.047619047619047616 0.047619047619047616
            -0.19047619047619047 0 0.19047619047619047
            0 0 0
            """);
  }

  @Test
  void binaryCrossEntropy() {
    BinaryCrossEntropy plain = new BinaryCrossEntropy();
    gives(
        plain,
        several,
        """
            0.8148323250279569
            0.06092154821916707 -0.009933576835176474 -0.0014988508301742958
            -0.03146172239984545 0.02241178511416626 0.07938117723520279
            -0.041666666666666664 0.041666666666666664 0.020833333333333332
            0.009933576835176462 0.0681312063494703 -0.03648529159285016
            """);
    gives(
        plain.weighted(session.tensor(new double[] {3, 1, .5}, 3)),
        several,
        """
            0.9773956798622722
            0.06092154821916707 -0.009933576835176474 -0.0007494254150871479
            -0.09438516719953634 0.02241178511416626 0.07938117723520279
            -0.125 0.041666666666666664 0.026041666666666668
            0.009933576835176462 0.0681312063494703 -0.01824264579642508
            """);
    Tensor large = session.tensor(new double[] {800, -800, 30}, 1, 3);
    Tensor wrong = session.tensor(new double[] {0, 1, 1}, 1, 3);
    assertEquals(533.3333333333334, Losses.binaryCrossEntropy(large, wrong).item(), 1e-12);
  }

  @Test
  void lossesOfRealNumbers() {
    gives(
        new SquaredError(),
        numbers,
        """
            2.7260416666666667
            0.15 0.3666666666666667 0.16666666666666666
            -0.25 -0.16666666666666666 0.3333333333333333
            -0.16666666666666666 0 0.16666666666666666
            -0.3333333333333333 -0.5833333333333333 -0.125
            """);
    double h = 0.041666666666666664;
    gives(new Huber(.5), numbers, 0.5875, h, h, h, -h, -h, h, -h, 0, h, -h, -h, -h);
    assertEquals(0.5875, Losses.huber(x, numbers, .5).item(), 1e-15);
    double a = 0.008333333333333333;
    double b = 0.075;
    double c = 0.03333333333333333;
    gives(new QuantileLoss(.1), numbers, 0.61375, b, b, b, -a, -a, b, -a, c, b, -a, -a, -a);
    gives(
        new QuantileLoss(.9),
        numbers,
        0.7904166666666667,
        a,
        a,
        a,
        -b,
        -b,
        a,
        -b,
        -c,
        a,
        -b,
        -b,
        -b);
    assertEquals(0.61375, Losses.quantile(x, numbers, .1).item(), 1e-15);
  }

  @Test
  void severalQuantilesOfOneNumber() {
    QuantileLoss loss = new QuantileLoss(List.of(.1, .5, .9));
    Tensor target = numbers.slice(1, 0, 1);
    double a = 0.008333333333333333;
    double b = 0.041666666666666664;
    double c = 0.075;
    gives(loss, target, 0.5312499999999999, c, b, a, -a, -b, a, -a, -b, -c, -a, b, a);
    weighs(
        loss,
        target,
        """
            0.5738095238095238
            0.08571428571428572 0.047619047619047616 0.009523809523809521
            -0.004761904761904762 -0.023809523809523808 0.004761904761904762
            -0.01904761904761905 -0.09523809523809523 -0.17142857142857143
            0 0 0
            """);
  }

  /** Hypergradients need the second order; logits of 0, as of blank inputs, are no exception. */
  @Test
  void derivativesHoldToTheSecondOrder() {
    Tensor weights = ofExamples.add(.25);
    CrossEntropy classes = CrossEntropy.ofLogits().weighted(ofClasses).smoothed(.2).ignoring(2);
    checkDerivatives(classes, y, weights);
    checkDerivatives(new BinaryCrossEntropy(Optional.of(ofClasses)), several, weights);
    checkDerivatives(new SquaredError(), numbers, weights);
    checkDerivatives(new Huber(1.6), numbers, weights);
    checkDerivatives(new QuantileLoss(.3), numbers.add(.125), weights);
  }

  private void checkDerivatives(Loss loss, Tensor target, Tensor weights) {
    var check =
        new GradientCheck(session, in -> loss.of(in.get(0), target, Optional.of(in.get(1))));
    assertTrue(check.worstError(2, List.of(x, weights)) < 1e-8, loss.toString());
    check = new GradientCheck(session, in -> loss.of(in.get(0), target));
    assertTrue(check.worstError(2, List.of(x)) < 1e-8, loss.toString());
  }

  /** Settings are tensors of the session's, weights of examples come with each batch. */
  @Test
  void stepsWithWeightsAreReplayed() {
    try (Session cpu = Session.open(Device.CPU);
        Mlp model = Mlp.create(cpu, MlpSpec.tanh(2, 3), 1)) {
      Tensor classes = cpu.tensor(new float[] {1, 2, .5f}, 3);
      Loss loss = CrossEntropy.ofLogProbabilities().weighted(classes).smoothed(.1).ignoring(3);
      try (var optimizer = new Sgd(.1).tunedBy(new Sgd(1e-3)).bind(cpu, model.parameters())) {
        var step =
            optimizer.prepare(
                in ->
                    loss.of(
                        model.forward(in.get(0), Mode.TRAIN), in.get(1), Optional.of(in.get(2))));
        double last = Double.NaN;
        for (int k = 0; k < 8; k++) {
          float w = k;
          last =
              step.run(
                      Input.floats(new float[] {1, 2, 3, 4, 5, 6}, 3, 2),
                      Input.indices(0, k % 4, 2),
                      Input.floats(new float[] {1, w, 2}, 3))
                  .item();
        }
        assertTrue(last > 0 && last < 2, last + " " + step.mode());
        assertTrue(step.mode().contains("replayed"), step.mode());
      }
    }
  }

  private static void failsWith(String part, Runnable loss) {
    Exception e = assertThrows(IllegalArgumentException.class, loss::run);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    CrossEntropy plain = CrossEntropy.ofLogits();
    failsWith("label smoothing is 2.0; 0 to 1", () -> plain.smoothed(2));
    failsWith("the ignored class is -100; a class, from 0", () -> plain.ignoring(-100));
    failsWith("the ignored class is 4 of a prediction of 3", () -> plain.ignoring(4).of(x, y));
    failsWith(
        "the weights of classes have shape [4]; [3]", () -> plain.weighted(ofExamples).of(x, y));
    failsWith(
        "cross-entropy: the weights are F64[3]; a number for each of 4 examples",
        () -> plain.of(x, y, Optional.of(ofClasses)));
    failsWith(
        "binary cross-entropy: the prediction has shape [4, 3], the target [4]",
        () -> new BinaryCrossEntropy().of(x, ofExamples));
    failsWith(
        "the weights of labels have shape [4], which does not broadcast to [4, 3]",
        () -> new BinaryCrossEntropy(Optional.of(ofExamples)).of(x, several));
    failsWith("delta is 0.0; a finite number above 0", () -> new Huber(0));
    failsWith("levels [1.0]; one or more, above 0 and below 1", () -> new QuantileLoss(1));
    failsWith(
        "for 2 levels [batch, 2] and [batch, 1]",
        () -> new QuantileLoss(List.of(.1, .9)).of(x, numbers));
    failsWith("the weights are F64[3]", () -> new Huber(1).of(x, numbers, Optional.of(ofClasses)));
  }
}

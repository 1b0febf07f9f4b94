package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.data.Augmentation;
import io.hypertape.data.DataSplit;
import io.hypertape.data.Normalization;
import io.hypertape.data.Preparation;
import io.hypertape.data.Strokes;
import io.hypertape.models.Activation;
import io.hypertape.models.Layer;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {

  private static final DataSplit SMALL = Strokes.generate(1, 1100, 300);

  /** Losses and hyperparameters of every step. */
  private static final class Record implements TrainingListener {
    final List<Double> numbers = new ArrayList<>();
    final List<Integer> epochs = new ArrayList<>();
    long stopAfter = Long.MAX_VALUE;
    long steps;

    @Override
    public void step(long step, double loss, TowerOptimizer optimizer) {
      steps = step;
      numbers.add(loss);
      optimizer.hyperparameters().forEach(h -> numbers.add(h.value()));
    }

    @Override
    public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer) {
      epochs.add(epoch);
    }

    @Override
    public boolean stops() {
      return steps >= stopAfter;
    }
  }

  private static Record run(SessionOptions where, String tower, long seed, int epochs)
      throws IOException {
    Record record = new Record();
    try (Session session = Session.open(where)) {
      Mlp model = Mlp.create(session, MlpSpec.tanh(784, 32, 10), seed);
      new Trainer(session, model, SMALL)
          .options(new TrainingOptions(epochs, 256, seed))
          .listener(record)
          .run(Tower.parse(tower));
      for (var parameter : model.parameters()) {
        for (float w : parameter.value().toFloats()) {
          record.numbers.add((double) w);
        }
      }
    }
    return record;
  }

  private static SessionOptions cpu(int threads) {
    return SessionOptions.of(Device.CPU).withThreads(threads);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void equalSeedsGiveEqualBits(int threads) throws IOException {
    Record one = run(cpu(threads), "adam(1e-3)/sgd(1e-5)", 3, 2);
    Record two = run(cpu(threads), "adam(1e-3)/sgd(1e-5)", 3, 2);
    assertEquals(one.numbers, two.numbers);
    assertEquals(List.of(1, 2), one.epochs);
    assertEquals(10, one.steps, "1100 images make five batches, the last one smaller");
    assertFalse(one.numbers.equals(run(cpu(threads), "adam(1e-3)/sgd(1e-5)", 4, 2).numbers));
  }

  @Test
  void backendsAgree() throws IOException {
    List<Double> exact =
        run(
                SessionOptions.of(Device.REFERENCE).withPrecision(Precision.FLOAT64),
                "sgd(0.1)/sgd(0.01)",
                5,
                1)
            .numbers;
    List<Double> single = run(cpu(2), "sgd(0.1)/sgd(0.01)", 5, 1).numbers;
    for (int i = 0; i < exact.size(); i++) {
      assertEquals(exact.get(i), single.get(i), 2e-5 * Math.max(1, Math.abs(exact.get(i))));
    }
  }

  @Test
  void trainingHelps() throws IOException {
    Record record = run(cpu(1), "adam(3e-3)/sgd(1e-5)", 1, 8);
    double first = record.numbers.getFirst();
    assertEquals(Math.log(10), first, 0.2);
    int perStep = 1 + 8; // adam has four hyperparameters, sgd two
    double last = record.numbers.get((int) ((record.steps - 1) * 7));
    assertTrue(last < 0.8 * first, first + " to " + last + perStep);
  }

  @Test
  void aLimitEndsARunWithinAnEpoch() throws IOException {
    Record record = new Record();
    try (Session session = Session.open(cpu(1))) {
      Mlp model = Mlp.create(session, MlpSpec.tanh(784, 10), 1);
      TrainingOptions options = new TrainingOptions(Integer.MAX_VALUE, 100, 1).limitedTo(13);
      Trainer trainer = new Trainer(session, model, SMALL).options(options).listener(record);
      assertEquals(13, trainer.steps());
      assertEquals(2, trainer.epochs());
      trainer.run(Tower.parse("sgd(0.1)"));
    }
    assertEquals(13, record.steps);
    assertEquals(List.of(1, 2), record.epochs, "11 steps, and 2 of the next epoch");
    assertThrows(IllegalArgumentException.class, () -> new TrainingOptions(1, 1, 1).limitedTo(0));
  }

  @Test
  void imagesArePreparedForTrainingAndTesting() throws IOException {
    List<List<Double>> runs = new ArrayList<>();
    Normalization normalization = Normalization.of(SMALL.train());
    for (Preparation preparation :
        List.of(
            Preparation.none(1),
            new Preparation(normalization, Augmentation.NONE),
            new Preparation(normalization, Augmentation.CROP_AND_FLIP),
            new Preparation(normalization, Augmentation.CROP_AND_FLIP))) {
      Record record = new Record();
      try (Session session = Session.open(cpu(1))) {
        Mlp model = Mlp.create(session, MlpSpec.tanh(784, 10), 1);
        Evaluation test =
            new Trainer(session, model, SMALL)
                .prepared(preparation)
                .options(new TrainingOptions(1, 256, 1))
                .listener(record)
                .run(Tower.parse("sgd(0.1)"));
        assertEquals(
            test, Evaluation.of(session, model, SMALL.test(), preparation.normalization()));
        record.numbers.add(test.loss());
      }
      runs.add(record.numbers);
    }
    assertFalse(runs.get(0).equals(runs.get(1)), "normalized");
    assertFalse(runs.get(1).equals(runs.get(2)), "augmented");
    assertEquals(runs.get(2), runs.get(3), "equal seeds vary images equally");
  }

  @Test
  void itStopsWhenAsked() throws IOException {
    Record record = new Record();
    record.stopAfter = 3;
    try (Session session = Session.open(cpu(1))) {
      Mlp model = Mlp.create(session, MlpSpec.tanh(784, 10), 1);
      Evaluation test =
          new Trainer(session, model, SMALL)
              .options(new TrainingOptions(5, 100, 1))
              .listener(record)
              .run(Tower.parse("sgd(0.1)"));
      assertEquals(3, record.steps);
      assertEquals(300, test.examples());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sgd(1e30)|L1.sgd.alpha=1.00000e+30",
        "sgd(0.1)/sgd(1e10)|L2.sgd.alpha=1.00000e+10",
        "adam(1e-3)/sgd(1e30)|L2.sgd.alpha=1.00000e+30"
      })
  void divergenceNamesTheStepAndEveryHyperparameter(String tower, String value) {
    try (Session session = Session.open(cpu(1))) {
      MlpSpec form = new MlpSpec(List.of(784, 32, 10), List.of(Activation.RELU, Activation.NONE));
      Mlp model = Mlp.create(session, form, 1);
      Record record = new Record();
      var trainer =
          new Trainer(session, model, SMALL)
              .options(new TrainingOptions(20, 100, 1))
              .listener(record);
      var e = assertThrows(DivergedException.class, () -> trainer.run(Tower.parse(tower)));
      assertEquals(record.steps + 1, e.step(), "every step before was a good one");
      assertTrue(e.getMessage().startsWith("diverged at step " + e.step() + ": the loss is "));
      assertTrue(e.getMessage().contains(value), e.getMessage());
    }
  }

  @Test
  void nanInTheDataIsTold() {
    try (Session session = Session.open(cpu(1))) {
      double[] weight = new double[7840];
      weight[5] = Double.NaN;
      Mlp model =
          Mlp.of(
              session,
              MlpSpec.tanh(784, 10),
              Map.of("layer1.weight", weight, "layer1.bias", new double[10]));
      var trainer =
          new Trainer(session, model, SMALL)
              .options(new TrainingOptions(1, 100, 1))
              .listener(new Record());
      var e = assertThrows(DivergedException.class, () -> trainer.run(Tower.parse("sgd(0.1)")));
      assertTrue(e.getMessage().startsWith("failed at step 1: the loss is NaN"), e.getMessage());
      try (TowerOptimizer optimizer = Tower.parse("sgd(0.1)").bind(session, model.parameters())) {
        var data =
            assertThrows(
                DivergedException.class,
                () ->
                    TrainingCourse.checked(
                        session.scalar(Double.NaN),
                        optimizer,
                        () -> BatchInputs.fault(new float[] {1, Float.NaN})));
        assertTrue(data.getMessage().contains("the batch holds NaN"), data.getMessage());
      }
    }
  }

  /** √ has an infinite derivative at 0; what comes of it is multiplied by 0: NaN. */
  private record RootLayer(Mlp mlp, Parameter scale) implements Layer {
    @Override
    public Tensor forward(Tensor input, Mode mode) {
      return mlp.forward(input, mode).add(scale.value().mul(0).sqrt());
    }

    @Override
    public List<Parameter> parameters() {
      List<Parameter> all = new ArrayList<>(mlp.parameters());
      all.add(scale);
      return all;
    }
  }

  @Test
  void clippedGradientsWhoseNormIsNoNumberEndTheRunWithNothingChanged() throws IOException {
    try (Session session = Session.open(cpu(1))) {
      Mlp mlp = Mlp.create(session, MlpSpec.tanh(784, 10), 1);
      RootLayer model = new RootLayer(mlp, new Parameter("scale", session.scalar(2)));
      float[] before = mlp.parameters().get(0).value().toFloats();
      var trainer =
          new Trainer(session, model, SMALL)
              .options(new TrainingOptions(1, 100, 1))
              .listener(new Record());
      String tower = "adam(1e-3)/sgd(1e-5) clip=2";
      var e = assertThrows(DivergedException.class, () -> trainer.run(Tower.parse(tower)));
      assertEquals(1, e.step());
      assertTrue(e.getMessage().contains("gradients' norm is not finite"), e.getMessage());
      assertTrue(e.getMessage().contains("L1.adam.beta2=0.999000"), e.getMessage());
      assertArrayEquals(before, mlp.parameters().get(0).value().toFloats());
      assertEquals(2, model.scale().value().item());
    }
  }

  @Test
  void aDivergedModelIsWrongEverywhere() {
    try (Session session = Session.open(cpu(1))) {
      double[] weight = new double[7840];
      Arrays.fill(weight, Double.NaN);
      Mlp model =
          Mlp.of(
              session,
              MlpSpec.tanh(784, 10),
              Map.of("layer1.weight", weight, "layer1.bias", new double[10]));
      assertEquals(1, Evaluation.of(session, model, SMALL.test()).error());
    }
  }

  @Test
  void evaluationCountsAndAverages() {
    try (Session session = Session.open(cpu(1))) {
      double[] bias = new double[10];
      bias[3] = 1;
      Mlp model =
          Mlp.of(
              session,
              MlpSpec.tanh(784, 10).with(Activation.NONE),
              Map.of("layer1.weight", new double[7840], "layer1.bias", bias));
      int threes = 0;
      for (byte label : SMALL.train().labels()) {
        threes += label == 3 ? 1 : 0;
      }
      // 1100 images: two batches of unequal size.
      Evaluation found = Evaluation.of(session, model, SMALL.train());
      assertEquals(1 - threes / 1100.0, found.error(), 1e-12);
      double normalizer = Math.log(9 + Math.E);
      assertEquals(normalizer - threes / 1100.0, found.loss(), 1e-5);
      assertArrayEquals(new double[] {1100}, new double[] {found.examples()});
    }
  }

  /** In parts of batches a run is that of whole ones within rounding, the last, small batch too. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 1000})
  void batchesInParts(int parts) throws IOException {
    SessionOptions exact = SessionOptions.of(Device.REFERENCE);
    double[] whole = inParts(exact, 1);
    assertArrayEquals(whole, inParts(exact, parts), 1e-9);
  }

  private static double[] inParts(SessionOptions where, int parts) throws IOException {
    Record record = new Record();
    try (Session session = Session.open(where)) {
      Mlp model = Mlp.create(session, MlpSpec.tanh(784, 4, 10), 1);
      DataSplit data = Strokes.generate(1, 130, 20);
      new Trainer(session, model, data)
          .batch(32)
          .parts(parts)
          .listener(record)
          .run(Tower.parse("adam(1e-3)/sgd(1e-5) clip=1"));
    }
    assertEquals(5, record.steps);
    return record.numbers.stream().mapToDouble(v -> v).toArray();
  }

  @Test
  void partsAreReplayed() throws IOException {
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1))) {
      Mlp model = Mlp.create(session, MlpSpec.tanh(784, 4, 10), 1);
      Trainer trainer = new Trainer(session, model, SMALL).batch(50).parts(2);
      trainer.run(Tower.parse("sgd(0.01)/sgd(1e-4)"));
      assertTrue(trainer.mode().startsWith("steps are replayed"), trainer.mode());
      Exception e = assertThrows(IllegalArgumentException.class, () -> trainer.parts(0));
      assertEquals("parts is 0; at least 1 is needed", e.getMessage());
    }
  }
}

package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.data.DataSplit;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import io.hypertape.data.Preparation;
import io.hypertape.data.Strokes;
import io.hypertape.data.TextCorpus;
import io.hypertape.models.Activation;
import io.hypertape.models.BatchNorm2d;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Cnn;
import io.hypertape.models.CnnSpec;
import io.hypertape.models.Dense;
import io.hypertape.models.Dropout;
import io.hypertape.models.Flatten;
import io.hypertape.models.Layer;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.models.ParameterFactory;
import io.hypertape.models.ResNet;
import io.hypertape.models.ResNetSpec;
import io.hypertape.models.Sequential;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data that cannot be trained on are refused when a trainer is made, before the first step. */
class DataChecksTest {

  @TempDir private Path folder;
  private final Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));

  @AfterEach
  void close() {
    session.close();
  }

  private static LabeledImages noise(String part, int images, int channels, int side, int classes) {
    Random random = new Random(images);
    byte[] pixels = new byte[images * channels * side * side];
    random.nextBytes(pixels);
    byte[] labels = new byte[images];
    for (int i = 0; i < images; i++) {
      labels[i] = (byte) random.nextInt(classes);
    }
    return new LabeledImages("noise " + part, channels, side, side, classes, pixels, labels);
  }

  private static DataSplit noise(int train, int test, int side) {
    return new DataSplit(
        "noise", noise("train", train, 3, side, 3), noise("test", test, 3, side, 3));
  }

  /** Fails at the first step. */
  private static final class NoStep implements TrainingListener {
    @Override
    public void step(long step, double loss, TowerOptimizer optimizer) {
      throw new AssertionError("step " + step + " was taken");
    }
  }

  private String refused(Layer model, DataSplit data, TrainingOptions options) {
    return assertThrows(
            IllegalArgumentException.class,
            () ->
                new Trainer(session, model, data).options(options).listener(new NoStep()).checked())
        .getMessage();
  }

  private static TrainingOptions batches(int batch) {
    return new TrainingOptions(2, batch, 1);
  }

  @Test
  void bothPartsNeedImages() {
    Mlp model = Mlp.create(session, MlpSpec.tanh(48, 3), 1);
    assertEquals(
        "noise: no images to learn from; at least one is needed",
        refused(model, noise(0, 5, 4), batches(2)));
    assertEquals(
        "noise test: no images to judge by; at least one is needed",
        refused(model, noise(5, 0, 4), batches(2)));
    DataSplit strokes = Strokes.generate(1, 10, 0);
    Mlp digits = Mlp.create(session, MlpSpec.tanh(784, 10), 1);
    assertTrue(refused(digits, strokes, batches(2)).startsWith("strokes test: no images"));
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> Evaluation.of(session, digits, strokes.test()));
    assertEquals("strokes test: no images to judge by; at least one is needed", e.getMessage());
  }

  @Test
  void theModelMustBeOneForTheseImages() {
    DataSplit data = noise(6, 5, 4);
    assertEquals(
        "mlp for inputs of [50] and 3 classes; noise train has [48] and 3",
        refused(Mlp.create(session, MlpSpec.tanh(50, 3), 1), data, batches(2)));
    assertEquals(
        "mlp for inputs of [48] and 2 classes; noise train has [48] and 3",
        refused(Mlp.create(session, MlpSpec.tanh(48, 2), 1), data, batches(2)));
    assertEquals(
        "cnn for inputs of [3, 8, 8] and 3 classes; noise train has [3, 4, 4] and 3",
        refused(Cnn.create(session, new CnnSpec(3, 8, 8, 3), 1), data, batches(2)));
    assertEquals(
        "resnet8 for inputs of [1, any, any] and 3 classes; noise train has [3, 4, 4] and 3",
        refused(ResNet.create(session, new ResNetSpec(8, 1, 3), 1), data, batches(2)));
    Preparation grey = new Preparation(Normalization.none(1), Preparation.none(1).augmentation());
    Mlp model = Mlp.create(session, MlpSpec.tanh(48, 3), 1);
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new Trainer(session, model, data)
                    .prepared(grey)
                    .options(batches(2))
                    .listener(new NoStep())
                    .checked());
    assertEquals("noise train has 3 channels; the normalization is for 1", e.getMessage());
  }

  @Test
  void aModelMayKnowMoreClasses() throws IOException {
    DataSplit data = noise(6, 5, 4);
    Mlp model = Mlp.create(session, MlpSpec.tanh(48, 7), 1);
    Trainer trainer = new Trainer(session, model, data).options(batches(2));
    assertEquals(5, trainer.run(Tower.parse("sgd(0.1)")).examples());
  }

  private ParameterFactory factory() {
    return new ParameterFactory(session, 1);
  }

  /** A layer of the caller's own tells how many classes it knows by what it gives. */
  @Test
  void labelsBeyondAnOutputAreRefusedBeforeTheyAreLearned() {
    Layer model =
        Sequential.of(new Flatten(), Dense.create(factory(), "layer1", 48, 2, Activation.NONE));
    float[] before = model.parameters().getFirst().value().toFloats();
    Trainer trainer =
        new Trainer(session, model, noise(6, 5, 4)).options(batches(2)).listener(new NoStep());
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> trainer.run(Tower.parse("adam(0.1)/sgd(0.1)")));
    assertEquals("the model tells 2 classes apart; noise train has 3", e.getMessage());
    assertArrayEquals(before, model.parameters().getFirst().value().toFloats());
  }

  /** After three stages of a ResNet, images of 4×4 pixels are one value a channel. */
  @ParameterizedTest
  @CsvSource({
    "7,6,leave one for the last,batches of 5 or 7 fit",
    "7,3,leave one for the last,batches of 4 fit",
    "7,2,leave one for the last,batches of 4 fit",
    "13,12,leave one for the last,batches of 11 or 13 fit",
    "13,6,leave one for the last,batches of 5 or 7 fit",
    "6,1,make batches of one,batches of 2 fit",
    "1,8,make batches of one,more images are needed"
  })
  void batchNormCannotLearnFromOneValue(int images, int batch, String how, String advice) {
    ResNet model = ResNet.create(session, new ResNetSpec(8, 3, 3), 1);
    assertEquals(
        "noise: "
            + (images == 1 ? "1 image" : images + " images")
            + " in batches of "
            + batch
            + " "
            + how
            + "; batch norm layer3.0.bn1.weight: training takes two or more values a channel; a"
            + " batch with 1 was given; "
            + advice,
        refused(model, noise(images, 3, 4), batches(batch)));
    for (Buffer buffer : model.buffers()) {
      boolean variance = buffer.name().endsWith("running_var");
      for (double value : buffer.toDoubles()) {
        assertEquals(variance ? 1 : 0, value, buffer.name() + " is as it was");
      }
    }
  }

  @Test
  void whatBatchNormCanLearnFromIsNotRefused() throws IOException {
    ResNet model = ResNet.create(session, new ResNetSpec(8, 3, 3), 1);
    TrainingListener none = new TrainingListener() {};
    Tower tower = Tower.parse("sgd(0.01)");
    // Two left; larger images, of which one has four values; one left, but the run ends before.
    new Trainer(session, model, noise(8, 3, 4)).options(batches(6)).listener(none).run(tower);
    new Trainer(session, model, noise(7, 3, 5)).options(batches(6)).listener(none).run(tower);
    new Trainer(session, model, noise(13, 3, 4))
        .options(batches(6).limitedTo(2))
        .listener(none)
        .run(tower);
    assertTrue(
        refused(model, noise(13, 3, 4), batches(6).limitedTo(3))
            .contains("leave one for the last"));
    Mlp mlp = Mlp.create(session, MlpSpec.tanh(48, 3), 1);
    new Trainer(session, mlp, noise(7, 3, 4)).options(batches(6)).listener(none).run(tower);
  }

  /** The image that is shown to find out leaves no trace: equal bits, with masks and without. */
  @Test
  void layersOfTheCallersOwnAreTriedWithoutATrace() throws IOException {
    ParameterFactory factory = factory();
    Layer narrow =
        Sequential.of(
            new Flatten(),
            Dense.create(factory, "layer1", 48, 5, Activation.RELU),
            Dropout.create(factory, 0.3),
            BatchNorm2d.create(factory, "bn", 5),
            Dense.create(factory, "layer2", 5, 3, Activation.NONE));
    assertTrue(
        refused(narrow, noise(7, 3, 4), batches(3))
            .contains("batch norm bn.weight: training takes two or more values a channel"));
    assertEquals(0, narrow.dropoutCounters().getFirst().count());
    Layer wide =
        Sequential.of(
            BatchNorm2d.create(factory, "first", 3),
            Dropout.create(factory, 0.3),
            new Flatten(),
            Dense.create(factory, "layer3", 48, 3, Activation.NONE));
    new Trainer(session, wide, noise(7, 3, 4)).options(batches(3)).listener(new NoStep()).checked();
    assertEquals(0, wide.dropoutCounters().getFirst().count());
    assertArrayEquals(new float[3], wide.buffers().getFirst().toFloats());
  }

  /** One image is no trouble to this one; nor is it asked, where more than one is left. */
  private record Picky(Layer body, List<Integer> seen) implements Layer {
    @Override
    public Tensor forward(Tensor input, Mode mode) {
      seen.add(input.shape()[0]);
      return body.forward(input, mode);
    }

    @Override
    public List<Parameter> parameters() {
      return body.parameters();
    }

    @Override
    public List<DropoutCounter> dropoutCounters() {
      return body.dropoutCounters();
    }
  }

  @Test
  void nothingIsTriedWhereNoImageIsLeftAlone() {
    List<Integer> seen = new java.util.ArrayList<>();
    Picky model = new Picky(Mlp.create(session, MlpSpec.tanh(48, 3), 1), seen);
    new Trainer(session, model, noise(8, 3, 4))
        .options(batches(3))
        .listener(new NoStep())
        .checked();
    assertEquals(List.of(), seen);
    new Trainer(session, model, noise(7, 3, 4))
        .options(batches(3))
        .listener(new NoStep())
        .checked();
    assertFalse(seen.isEmpty());
  }

  @Test
  void aTextMustBeInTheModelsCharacters() throws IOException {
    Path file = folder.resolve("text");
    Files.writeString(file, "abcdefghij klmno. ".repeat(20));
    TextCorpus corpus = TextCorpus.load(file);
    CharLstm model = CharLstm.create(session, new CharLstmSpec(12, 4, 4, 1, 0), 1);
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new LanguageTrainer(session, model, corpus)
                    .options(batches(2))
                    .unroll(5)
                    .listener(new NoStep()));
    assertEquals("text: character U+006B is number 12; the model knows 0 to 11", e.getMessage());
  }
}

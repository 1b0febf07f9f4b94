package io.hypertape.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.ParameterMap;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.io.SafetensorsFile;
import io.hypertape.optim.Adam;
import io.hypertape.optim.Input;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import io.hypertape.run.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One table that reads symbols and that tells the next one. */
class TiedWeightsTest {

  private static final int SYMBOLS = 5;
  private static final int FEATURES = 3;
  private static final int[] X = {0, 1, 2, 3, 4, 1};
  private static final int[] Y = {1, 2, 3, 4, 0, 2};

  /** The symbol's row, and its inner products with all rows. */
  private record Bigrams(Embedding encoder, Dense decoder) implements Classifier {

    static Bigrams create(Session session, long seed) {
      ParameterFactory factory = new ParameterFactory(session, seed);
      Embedding encoder = Embedding.create(factory, "encoder", SYMBOLS, FEATURES);
      return new Bigrams(
          encoder, Dense.tied(factory, "decoder", encoder.weight(), Activation.NONE));
    }

    private Sequential layers() {
      return Sequential.of(encoder, decoder);
    }

    @Override
    public Tensor forward(Tensor input, Mode mode) {
      return layers().forward(input, mode).logSoftmax();
    }

    @Override
    public List<Parameter> parameters() {
      return layers().parameters();
    }

    @Override
    public String family() {
      return "bigrams";
    }

    @Override
    public Map<String, String> form() {
      return Map.of();
    }

    @Override
    public List<Integer> inputShape() {
      return List.of();
    }

    @Override
    public int classes() {
      return SYMBOLS;
    }
  }

  private static Tensor loss(Layer model, Session session) {
    return Losses.nll(model.forward(session.indices(X), Mode.TRAIN), session.indices(Y));
  }

  @Test
  void theGradientIsTheSumOverBothPlaces() {
    try (Session session = Session.open(Device.REFERENCE)) {
      Bigrams tied = Bigrams.create(session, 1);
      Parameter copy = new Parameter("copy", tied.encoder().weight().value());
      Bigrams apart =
          new Bigrams(tied.encoder(), new Dense(copy, tied.decoder().bias(), Activation.NONE));
      double[] sum;
      try (Tape tape = session.tape()) {
        tape.watch(apart.parameters());
        ParameterMap gradients = tape.gradient(loss(apart, session), apart.parameters());
        sum = gradients.get(tied.encoder().weight()).add(gradients.get(copy)).toDoubles();
      }
      try (Tape tape = session.tape()) {
        tape.watch(tied.parameters());
        ParameterMap gradients = tape.gradient(loss(tied, session), tied.parameters());
        assertEquals(2, gradients.parameters().size());
        assertArrayEquals(sum, gradients.get(tied.encoder().weight()).toDoubles(), 1e-15);
      }
    }
  }

  @Test
  void itIsTrainedSavedAndLoadedOnce(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("model.safetensors");
    try (Session session = Session.open(Device.CPU)) {
      Bigrams model = Bigrams.create(session, 1);
      double first;
      double last = 0;
      try (TowerOptimizer optimizer =
          new Adam(0.05).tunedBy(new Sgd(1e-4)).bind(session, model.parameters())) {
        TrainingStep step =
            optimizer.prepare(in -> Losses.nll(model.forward(in.get(0), Mode.TRAIN), in.get(1)));
        first = step.run(Input.indices(X), Input.indices(Y)).item();
        for (int i = 0; i < 50; i++) {
          last = step.run(Input.indices(X), Input.indices(Y)).item();
        }
      }
      assertTrue(last < first / 2, first + " to " + last);
      Checkpoint.write(file, model, Map.of());
      try (SafetensorsFile stored = SafetensorsFile.open(file)) {
        assertEquals(Set.of("encoder.weight", "decoder.bias"), stored.tensors().keySet());
      }
      Bigrams other = Bigrams.create(session, 2);
      Checkpoint.load(session, file, other);
      float[] expected =
          session.scoped(() -> model.forward(session.indices(X), Mode.EVALUATE).toFloats());
      float[] loaded =
          session.scoped(() -> other.forward(session.indices(X), Mode.EVALUATE).toFloats());
      assertArrayEquals(expected, loaded);
      other.close();
      assertThrows(IllegalStateException.class, () -> other.encoder().weight().value());
    }
  }

  @Test
  void aResidualBlockNamesWhatItSharesOnce() {
    try (Session session = Session.open(Device.CPU)) {
      ParameterFactory factory = new ParameterFactory(session, 1);
      Dense dense = Dense.create(factory, "d", 2, 2, Activation.NONE);
      assertEquals(dense.parameters(), new Residual(dense, dense, Activation.NONE).parameters());
    }
  }

  @Test
  void onlyAMatrixCanBeTied() {
    try (Session session = Session.open(Device.CPU)) {
      ParameterFactory factory = new ParameterFactory(session, 1);
      Parameter vector = new Parameter("v", session.zeros(3));
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () -> Dense.tied(factory, "out", vector, Activation.NONE));
      assertEquals(
          "dense out: the tied weight v[3] is no matrix [outputs, inputs]", e.getMessage());
    }
  }
}

package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.data.DataParts;
import io.hypertape.data.Example;
import io.hypertape.data.Examples;
import io.hypertape.data.Shares;
import io.hypertape.data.Targets;
import io.hypertape.metrics.Measure;
import io.hypertape.models.Activation;
import io.hypertape.models.Dense;
import io.hypertape.models.Layer;
import io.hypertape.models.Lstm;
import io.hypertape.models.Mode;
import io.hypertape.models.ParameterFactory;
import io.hypertape.optim.Tower;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sequences of several lengths, by a recurrent layer of which the last step foretells. */
class SequenceTrainingTest {

  private static final int STEPS = 9;

  private record LastStep(Lstm lstm, Dense out) implements Layer {
    @Override
    public Tensor forward(Tensor input, Mode mode) {
      Tensor states = lstm.forward(input.permute(1, 0, 2), mode);
      int steps = states.shape()[0];
      Tensor last = states.slice(0, steps - 1, steps);
      return out.forward(last.reshape(last.shape()[1], last.shape()[2]), mode);
    }

    @Override
    public List<Parameter> parameters() {
      List<Parameter> all = new ArrayList<>(lstm.parameters());
      all.addAll(out.parameters());
      return all;
    }
  }

  /** What a walk comes to. */
  private static Example walk(Random random) {
    int steps = 3 + random.nextInt(STEPS - 2);
    float[] moves = new float[2 * steps];
    float[] sum = new float[2];
    for (int i = 0; i < moves.length; i++) {
      moves[i] = random.nextFloat() - 0.5f;
      sum[i % 2] += moves[i];
    }
    return Example.ofNumbers(sum, moves);
  }

  @Test
  void theEndOfAWalkIsLearned() throws IOException {
    Random random = new Random(1);
    Examples walks =
        Examples.of(
            "walks",
            List.of(STEPS, 2),
            new Targets.Numbers(List.of("x", "y")),
            random.ints(1200).mapToObj(unused -> walk(random)).iterator(),
            Examples.Padding.FRONT);
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1))) {
      ParameterFactory factory = new ParameterFactory(session, 1);
      Layer model =
          new LastStep(
              Lstm.create(factory, "rnn", 2, 16, 1, 0),
              Dense.create(factory, "out", 16, 2, Activation.NONE));
      DataParts data = DataParts.of(walks, Shares.usual());
      Trainer trainer = new Trainer(session, model, data).epochs(15).batch(50);
      Evaluation found = trainer.run(Tower.parse("adam(0.01)/sgd(1e-5)"));
      assertTrue(found.measure(Measure.R2) > 0.95, found.toString());
    }
  }
}

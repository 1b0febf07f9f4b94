package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.Pooling;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Small networks that use every layer with something of its own to keep: dropout's counter, running
 * statistics, carried state. For tests of whole steps.
 */
public enum LayerNetworks {
  /** Convolution, batch normalization with running statistics, pooling, dropout. */
  CONVOLUTIONAL(LayerNetworks::convolutional),
  /** Embedding, dropout, an LSTM that carries its state on. */
  LSTM(LayerNetworks::lstm),
  /** The same with two layers of GRU. */
  GRU(LayerNetworks::gru);

  private static final int BATCH = 4;

  private final Function<Session, Network> kind;

  LayerNetworks(Function<Session, Network> kind) {
    this.kind = kind;
  }

  /**
   * What a run gave.
   *
   * @param values losses, hyperparameters, parameters and buffers
   * @param mode how steps ran at the end
   */
  public record Trained(double[] values, String mode) {}

  /** A network's parameters, buffers and loss. */
  static final class Network {
    final List<Parameter> parameters = new ArrayList<>();
    final List<Buffer> buffers = new ArrayList<>();
    final DropoutCounter counter;
    Function<List<Tensor>, Tensor> loss;

    Network(Session session) {
      counter = new DropoutCounter(session, 11);
    }

    Parameter add(Session session, int... shape) {
      Parameter parameter =
          new Parameter("p" + parameters.size(), session.normal(shape, 3, parameters.size()));
      parameters.add(parameter);
      return parameter;
    }
  }

  Network make(Session session) {
    return kind.apply(session);
  }

  private static Network convolutional(Session session) {
    Network network = new Network(session);
    Parameter filters = network.add(session, 3, 1, 3, 3);
    Parameter gamma = network.add(session, 3);
    Parameter beta = network.add(session, 3);
    Parameter out = network.add(session, 2, 3);
    Buffer mean = new Buffer("mean", session.zeros(3));
    Buffer variance = new Buffer("variance", session.ones(3));
    Buffer last = new Buffer("last", session.scalar(0));
    network.buffers.addAll(List.of(mean, variance, last));
    network.loss =
        in -> {
          Tensor x = in.get(0).reshape(BATCH, 1, 6, 6);
          Tensor y = NeuralOps.convolution(x, filters.value(), Convolution.of(1, 1));
          NeuralOps.BatchNorm norm = NeuralOps.batchNorm(y, gamma.value(), beta.value(), 1e-5);
          mean.write(mean.read().mul(0.9).add(norm.mean().mul(0.1)));
          variance.write(variance.read().mul(0.9).add(norm.variance().mul(0.1)));
          // Written without having been read.
          last.write(norm.y().sum());
          y = NeuralOps.maxPool(norm.y().relu(), Pooling.of(2));
          y = NeuralOps.dropout(NeuralOps.globalAveragePool(y), 0.3, network.counter);
          return y.matmulTransposed(out.value()).logSoftmax().pick(in.get(1)).mean().neg();
        };
    return network;
  }

  private static Network lstm(Session session) {
    Network network = new Network(session);
    Parameter table = network.add(session, 5, 3);
    List<Parameter> cell =
        List.of(
            network.add(session, 8, 3),
            network.add(session, 8, 2),
            network.add(session, 8),
            network.add(session, 8));
    Parameter out = network.add(session, 5, 2);
    Buffer hidden = new Buffer("h", session.zeros(1, 2, 2));
    Buffer state = new Buffer("c", session.zeros(1, 2, 2));
    network.buffers.addAll(List.of(hidden, state));
    network.loss =
        in -> {
          // Two steps of two sequences.
          Tensor x = NeuralOps.embedding(table.value(), in.get(1)).reshape(2, 2, 3);
          x = NeuralOps.dropout(x, 0.2, network.counter);
          NeuralOps.RecurrentResult result =
              NeuralOps.lstm(
                  x, hidden.read(), state.read(), cell.stream().map(Parameter::value).toList());
          hidden.write(result.hidden());
          state.write(result.cell().orElseThrow());
          Tensor y = result.output().reshape(4, 2).matmulTransposed(out.value()).logSoftmax();
          return y.pick(in.get(1)).mean().neg();
        };
    return network;
  }

  private static Network gru(Session session) {
    Network network = new Network(session);
    Parameter table = network.add(session, 5, 3);
    List<Parameter> cells = new ArrayList<>();
    for (int inputs : new int[] {3, 2}) {
      cells.add(network.add(session, 6, inputs));
      cells.add(network.add(session, 6, 2));
      cells.add(network.add(session, 6));
      cells.add(network.add(session, 6));
    }
    Parameter out = network.add(session, 5, 2);
    Buffer hidden = new Buffer("h", session.zeros(2, 1, 2));
    network.buffers.add(hidden);
    network.loss =
        in -> {
          // Four steps of one sequence.
          Tensor x = NeuralOps.embedding(table.value(), in.get(1)).reshape(4, 1, 3);
          NeuralOps.RecurrentResult result =
              NeuralOps.gru(x, hidden.read(), cells.stream().map(Parameter::value).toList());
          hidden.write(result.hidden());
          Tensor y = NeuralOps.dropout(result.output().reshape(4, 2), 0.2, network.counter);
          return y.matmulTransposed(out.value()).logSoftmax().pick(in.get(1)).mean().neg();
        };
    return network;
  }

  /**
   * Trains on made-up data.
   *
   * @param backend closed afterwards
   * @param tower the optimizers' text
   * @param steps how many steps
   * @return what there is to compare
   */
  public Trained train(Backend backend, String tower, int steps) {
    return train(backend, tower, steps, Set.of());
  }

  /**
   * Trains on made-up data, refusing some steps, and failing in the midst of some.
   *
   * @param backend closed afterwards
   * @param tower the optimizers' text
   * @param steps how many steps are taken
   * @param refused numbers of steps before which others are refused
   * @return what there is to compare
   */
  public Trained train(Backend backend, String tower, int steps, Set<Integer> refused) {
    List<Double> seen = new ArrayList<>();
    String mode;
    try (Session session = Session.over(backend)) {
      Network network = kind.apply(session);
      try (TowerOptimizer optimizer = Tower.parse(tower).bind(session, network.parameters)) {
        TrainingStep step = optimizer.prepare(network.loss);
        long bytes = 0;
        for (int i = 0; i < steps; i++) {
          if (refused.contains(i)) {
            refuse(step, 100 + i);
            fail(step, 200 + i);
            refuse(step, 300 + i);
          }
          seen.add(step.run(inputs(i)).item());
          bytes = i == 8 ? session.allocatedBytes() : bytes;
        }
        assertTrue(!refused.isEmpty() || bytes == session.allocatedBytes(), "memory is flat");
        optimizer.hyperparameters().forEach(h -> seen.add(h.raw()));
        mode = step.mode();
      }
      assertEquals(steps, network.counter.count());
      for (Parameter parameter : network.parameters) {
        add(seen, parameter.value().toFloats());
      }
      for (Buffer buffer : network.buffers) {
        add(seen, buffer.toFloats());
      }
    }
    return new Trained(seen.stream().mapToDouble(v -> v).toArray(), mode);
  }

  private static void refuse(TrainingStep step, int number) {
    IllegalStateException thrown = new IllegalStateException("not this one");
    assertEquals(
        thrown,
        assertThrows(
            IllegalStateException.class,
            () ->
                step.run(
                    loss -> {
                      throw thrown;
                    },
                    inputs(number))));
  }

  /** The last operations meet labels that do not exist, when much has been computed. */
  private static void fail(TrainingStep step, int number) {
    Input[] wrong = {inputs(number)[0], Input.indices(0, 1, 99, 1)};
    assertThrows(IndexOutOfBoundsException.class, () -> step.run(Tensor::item, wrong));
  }

  static Input[] inputs(int step) {
    float[] x = new float[BATCH * 36];
    for (int k = 0; k < x.length; k++) {
      x[k] = (float) Math.sin(step * x.length + k);
    }
    return new Input[] {
      Input.floats(x, BATCH, 36), Input.indices(step % 2, (step + 1) % 2, step % 2, 1)
    };
  }

  private static void add(List<Double> seen, float[] values) {
    for (float value : values) {
      seen.add((double) value);
    }
  }
}

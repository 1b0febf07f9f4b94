package io.hypertape.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.bindings.testing.CudaDouble;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Losses;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.models.Model;
import io.hypertape.models.ResNet;
import io.hypertape.models.ResNetSpec;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How many nodes the graphs of a training step have: what a step costs a GPU beside its work. The
 * number is the same on every machine, whatever the sizes.
 */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaNodesTest {

  @BeforeAll
  static void start() {
    CudaDouble.requireDouble();
  }

  private interface Loss {
    Tensor of(Model model, List<Tensor> batch);
  }

  /** Nodes of a step and, among them, copies. */
  private record Nodes(long all, long copies) {

    static Nodes of(String tower, Function<Session, Model> build, Loss loss, Input... batch) {
      try (Session session = Session.open(Device.CUDA)) {
        Model model = build.apply(session);
        try (TowerOptimizer optimizer =
            Tower.parse(tower).over(1000).bind(session, model.parameters())) {
          TrainingStep step = optimizer.prepare(in -> loss.of(model, in));
          for (int i = 0; i < 6; i++) {
            step.run(batch);
          }
          assertTrue(step.mode().startsWith("steps are replayed"), step.mode());
          // Even and odd steps have graphs of their own.
          List<List<String>> graphs = CudaDouble.graphNodes();
          if (Boolean.getBoolean("hypertape.test.nodes")) {
            graphs.forEach(System.out::println);
          }
          List<String> nodes = graphs.stream().flatMap(List::stream).toList();
          return new Nodes(
              nodes.size() / 2, nodes.stream().filter(n -> n.startsWith("cudaMem")).count() / 2);
        }
      }
    }

    /** What docs/cuda.md says. */
    void assertAre(long expected, long copied) {
      assertEquals(expected, all, "nodes");
      assertEquals(copied, copies, "copies");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sgd(0.1), 12",
    "sgd(0.1)/sgd(0.01), 13",
    "sgd(0.1)/sgd(0.01)^10, 13",
    "adam(1e-3)/sgd(1e-5), 15",
    "auto, 21"
  })
  void ofAnMlp(String tower, int nodes) {
    Nodes.of(
            tower,
            session -> Mlp.create(session, MlpSpec.tanh(20, 12, 10), 1),
            (model, in) -> Losses.nll(((Mlp) model).forward(in.get(0), Mode.TRAIN), in.get(1)),
            Input.floats(new float[8 * 20], 8, 20),
            Input.indices(new int[8]))
        .assertAre(nodes, 0);
  }

  @ParameterizedTest
  @CsvSource({"'sgd(0.1, mu=0.9)', 154", "'adam(1e-3)/sgd(1e-5)', 161", "auto, 165"})
  void ofAResNet20(String tower, int nodes) {
    Nodes.of(
            tower,
            session -> ResNet.create(session, new ResNetSpec(20, 3, 10), 1),
            (model, in) -> Losses.nll(((ResNet) model).forward(in.get(0), Mode.TRAIN), in.get(1)),
            Input.floats(new float[2 * 3 * 8 * 8], 2, 3, 8, 8),
            Input.indices(new int[2]))
        .assertAre(nodes, 0);
  }

  @Test
  void ofACharLstm() {
    Nodes.of(
            "adam(1e-3)",
            session -> CharLstm.create(session, CharLstmSpec.of(20).withLayers(16, 2), 1),
            (model, in) ->
                Losses.nll(((CharLstm) model).forward(in.get(0), 4, 2, Mode.TRAIN), in.get(1)),
            Input.indices(new int[8]),
            Input.indices(new int[8]))
        .assertAre(21, 2);
  }
}

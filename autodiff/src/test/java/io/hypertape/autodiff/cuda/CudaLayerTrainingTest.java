package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.optim.LayerNetworks;
import io.hypertape.tensor.DType;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole steps of networks with layers, recorded and replayed: what the oracle gives. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaLayerTrainingTest {

  private static final String TOWER = "adam(0.01)/sgd(1e-4) clip=0.5 schedule=warmup(4)";
  private static final int STEPS = 20;

  @ParameterizedTest
  @EnumSource
  void sameAsTheOracle(LayerNetworks network) {
    double[] oracle = network.train(new ReferenceBackend(DType.F64), TOWER, STEPS).values();
    for (boolean cudnn : new boolean[] {true, false}) {
      LayerNetworks.Trained cuda =
          network.train(
              cudnn ? CudaTestBackends.withCudnn() : CudaTestBackends.withoutCudnn(), TOWER, STEPS);
      assertArrayEquals(oracle, cuda.values(), 1e-3, cudnn ? "with cuDNN" : "without");
      assertTrue(cuda.mode().startsWith("steps are replayed"), cuda.mode());
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusedStepsLeaveNothing(LayerNetworks network) {
    String tower = "sgd(0.1, mu=0.9)";
    assertArrayEquals(
        network.train(CudaTestBackends.withCudnn(), tower, STEPS).values(),
        network
            .train(CudaTestBackends.withCudnn(), tower, STEPS, Set.of(0, 1, 2, 9, 10, 17))
            .values());
  }
}

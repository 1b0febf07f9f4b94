package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.DType;
import io.hypertape.autodiff.cpu.CpuBackends;
import io.hypertape.autodiff.reference.ReferenceBackend;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Steps of whole networks, replayed: masks, statistics and carried state move on as if they ran.
 */
class LayerStepTest {

  private static final String TOWER = "adam(0.01)/sgd(1e-4) clip=0.5 schedule=warmup(4)";
  private static final int STEPS = 20;

  @ParameterizedTest
  @EnumSource
  void replayedStepsEqualThoseThatRun(LayerNetworks network) {
    ReplayingBackend records = new ReplayingBackend(new ReferenceBackend(DType.F32), true);
    LayerNetworks.Trained replayed = network.train(records, TOWER, STEPS);
    LayerNetworks.Trained plain =
        network.train(new ReplayingBackend(new ReferenceBackend(DType.F32), false), TOWER, STEPS);
    assertArrayEquals(plain.values(), replayed.values());
    assertTrue(records.replays > STEPS / 2, records.replays + " replays");
  }

  /** Of towers of one level, as hypergradients of a step after a refused one are zero. */
  @ParameterizedTest
  @EnumSource
  void refusedStepsLeaveNothing(LayerNetworks network) {
    String tower = "sgd(0.1, mu=0.9)";
    Set<Integer> refused = Set.of(0, 1, 2, 9, 10, 17);
    double[] good = network.train(CpuBackends.open("VECTOR", 2), tower, STEPS).values();
    LayerNetworks.Trained replayed =
        network.train(CpuBackends.open("VECTOR", 2), tower, STEPS, refused);
    assertArrayEquals(good, replayed.values());
    assertTrue(replayed.mode().startsWith("steps are replayed"), replayed.mode());
    LayerNetworks.Trained plain =
        network.train(
            new ReplayingBackend(CpuBackends.open("VECTOR", 2), false), tower, STEPS, refused);
    assertArrayEquals(good, plain.values());
  }

  @ParameterizedTest
  @EnumSource
  void cpuReplaysTheSameBits(LayerNetworks network) {
    for (String mode : new String[] {"SCALAR", "VECTOR"}) {
      LayerNetworks.Trained replayed = network.train(CpuBackends.open(mode, 2), TOWER, STEPS);
      assertTrue(replayed.mode().startsWith("steps are replayed"), replayed.mode());
      LayerNetworks.Trained plain =
          network.train(new ReplayingBackend(CpuBackends.open(mode, 2), false), TOWER, STEPS);
      assertArrayEquals(plain.values(), replayed.values(), mode);
      LayerNetworks.Trained oracle = network.train(new ReferenceBackend(DType.F64), TOWER, STEPS);
      assertArrayEquals(oracle.values(), replayed.values(), 1e-3, mode);
    }
  }
}

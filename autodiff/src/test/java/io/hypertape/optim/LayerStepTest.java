package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.cpu.CpuBackends;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;
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

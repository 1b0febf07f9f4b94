package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.hypertape.example.CoreOnlyBackend;
import io.hypertape.tensor.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A backend that records but lacks kernels whose definitions the host takes part in: steps with
 * such run one by one, and give the same.
 */
class CoreOnlyStepsTest {

  private static final String TOWER = "adam(0.01)/sgd(1e-4)";

  @ParameterizedTest
  @EnumSource
  void stepsThatCannotBeRecordedRun(LayerNetworks network) {
    LayerNetworks.Trained recording =
        network.train(new ReplayingBackend(new CoreOnlyBackend(DType.F64), true), TOWER, 12);
    LayerNetworks.Trained plain = network.train(new CoreOnlyBackend(DType.F64), TOWER, 12);
    assertArrayEquals(plain.values(), recording.values());
    assertFalse(recording.mode().startsWith("steps are replayed"), recording.mode());
  }
}

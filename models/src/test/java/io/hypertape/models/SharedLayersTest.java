package io.hypertape.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.Input;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedLayersTest {

  /** w = 0.5, x = 1: the loss w·w·x has the gradient 2·w = 1, so w becomes 0.5 − 0.1. */
  @Test
  void layerUsedTwiceIsUpdatedOnce() {
    try (Session session = Session.open(Device.CPU)) {
      Dense d =
          new Dense(
              new Parameter("d.weight", session.tensor(new float[] {0.5f}, 1, 1)),
              new Parameter("d.bias", session.tensor(new float[] {0}, 1)),
              Activation.NONE);
      Sequential twice = Sequential.of(d, d);
      assertEquals(List.of(d.weight(), d.bias()), twice.parameters());
      try (TowerOptimizer optimizer = new Sgd(0.1).tower().bind(session, twice.parameters())) {
        TrainingStep step = optimizer.prepare(in -> twice.forward(in.get(0), Mode.TRAIN).sum());
        step.run(Input.floats(new float[] {1}, 1, 1));
        assertArrayEquals(new float[] {0.4f}, d.weight().value().toFloats(), 1e-6f);
      }
    }
  }

  @Test
  void whatElseALayerKeepsIsNamedOnce() {
    try (Session session = Session.open(Device.CPU)) {
      DropoutCounter counter = new DropoutCounter(session, 1);
      Dropout dropout = new Dropout(0.5, counter);
      assertEquals(List.of(counter), Sequential.of(dropout, dropout).dropoutCounters());
      BatchNorm2d norm = BatchNorm2d.create(new ParameterFactory(session, 1), "bn", 2);
      Sequential twice = Sequential.of(norm, norm);
      assertEquals(norm.buffers(), twice.buffers());
      assertEquals(norm.parameters(), twice.parameters());
    }
  }

  @Test
  void tiedWeightsAreOneTensorOfGradient() {
    try (Session session = Session.open(Device.CPU)) {
      Parameter w = new Parameter("w", session.tensor(new float[] {2}, 1, 1));
      Parameter b = new Parameter("b", session.tensor(new float[] {0}, 1));
      Sequential tied =
          Sequential.of(new Dense(w, b, Activation.NONE), new Dense(w, b, Activation.NONE));
      assertEquals(List.of(w, b), tied.parameters());
      try (TowerOptimizer optimizer = new Sgd(0.01).tower().bind(session, tied.parameters())) {
        Tensor x = session.tensor(new float[] {3}, 1, 1);
        optimizer.step(() -> tied.forward(x, Mode.TRAIN).sum());
        // 3·w² at w = 2 falls by 0.01·12.
        assertEquals(1.88, w.value().item(), 1e-6);
      }
    }
  }
}

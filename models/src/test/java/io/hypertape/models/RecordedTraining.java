package io.hypertape.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Models that keep something from step to step (running statistics, carried state, masks) give the
 * same bits whether their steps are replayed or run operation by operation; and they learn.
 */
public abstract class RecordedTraining {

  private static final int STEPS = 60;

  /** The session to be tested. */
  protected abstract Session open();

  private record Outcome(List<Double> losses, List<float[]> values) {

    double mean(int from, int to) {
      return losses.subList(from, to).stream().mapToDouble(v -> v).average().orElseThrow();
    }

    void assertSame(Outcome other) {
      assertEquals(losses, other.losses);
      assertEquals(values.size(), other.values.size());
      for (int k = 0; k < values.size(); k++) {
        assertArrayEquals(values.get(k), other.values.get(k));
      }
    }
  }

  /** What is trained on what: a batch a step, as inputs and as tensors. */
  private interface Task {
    Model build(Session session);

    Tensor loss(Model model, List<Tensor> batch);

    Input[] inputs(int step);

    List<Tensor> tensors(Session session, int step);
  }

  private Outcome train(Task task, String tower, boolean replayed) {
    try (Session session = open()) {
      Model model = task.build(session);
      List<Double> losses = new ArrayList<>();
      try (TowerOptimizer optimizer = Tower.parse(tower).bind(session, model.parameters())) {
        TrainingStep step = optimizer.prepare(in -> task.loss(model, in));
        for (int i = 0; i < STEPS; i++) {
          int at = i;
          Tensor loss =
              replayed
                  ? step.run(task.inputs(i))
                  : optimizer.step(() -> task.loss(model, task.tensors(session, at)));
          losses.add(loss.item());
        }
        assertTrue(!replayed || step.mode().startsWith("steps are replayed"), step.mode());
      }
      List<float[]> values = new ArrayList<>();
      for (Parameter parameter : model.parameters()) {
        values.add(parameter.value().toFloats());
      }
      model.buffers().forEach(buffer -> values.add(buffer.toFloats()));
      return new Outcome(losses, values);
    }
  }

  /** Bright left or right halves under noise. */
  private static final class Halves implements Task {

    private static final int BATCH = 6;
    private static final int SIDE = 8;

    private static int[] labels(int step) {
      return new Random(step).ints(BATCH, 0, 2).toArray();
    }

    private static float[] pixels(int step) {
      Random random = new Random(1000 + step);
      int[] labels = labels(step);
      float[] x = new float[BATCH * SIDE * SIDE];
      for (int i = 0; i < x.length; i++) {
        boolean right = i % SIDE >= SIDE / 2;
        boolean bright = right == (labels[i / (SIDE * SIDE)] == 1);
        x[i] = (float) random.nextGaussian() + (bright ? 1 : 0);
      }
      return x;
    }

    @Override
    public Model build(Session session) {
      return ResNet.create(session, new ResNetSpec(8, 1, 2), 1);
    }

    @Override
    public Tensor loss(Model model, List<Tensor> batch) {
      return Losses.nll(((ResNet) model).forward(batch.get(0), Mode.TRAIN), batch.get(1));
    }

    @Override
    public Input[] inputs(int step) {
      return new Input[] {
        Input.floats(pixels(step), BATCH, 1, SIDE, SIDE), Input.indices(labels(step))
      };
    }

    @Override
    public List<Tensor> tensors(Session session, int step) {
      return List.of(
          session.tensor(pixels(step), BATCH, 1, SIDE, SIDE), session.indices(labels(step)));
    }
  }

  /** Each of three texts repeats 0 1 2 3 4 from another place on. */
  private static final class Counting implements Task {

    private static final int LENGTH = 4;
    private static final int TEXTS = 3;
    private static final int SYMBOLS = 5;

    private static int[] symbols(int step, int ahead) {
      int[] symbols = new int[LENGTH * TEXTS];
      for (int i = 0; i < symbols.length; i++) {
        symbols[i] = (step * LENGTH + i / TEXTS + i % TEXTS + ahead) % SYMBOLS;
      }
      return symbols;
    }

    @Override
    public Model build(Session session) {
      return CharLstm.create(
          session, CharLstmSpec.of(SYMBOLS).withLayers(16, 2).withDropout(0.2), 1);
    }

    @Override
    public Tensor loss(Model model, List<Tensor> batch) {
      return Losses.nll(
          ((CharLstm) model).forward(batch.get(0), LENGTH, TEXTS, Mode.TRAIN), batch.get(1));
    }

    @Override
    public Input[] inputs(int step) {
      return new Input[] {Input.indices(symbols(step, 0)), Input.indices(symbols(step, 1))};
    }

    @Override
    public List<Tensor> tensors(Session session, int step) {
      return List.of(session.indices(symbols(step, 0)), session.indices(symbols(step, 1)));
    }
  }

  @Test
  void resNet() {
    Outcome replayed = train(new Halves(), "sgd(0.05, mu=0.9)/sgd(1e-4)", true);
    replayed.assertSame(train(new Halves(), "sgd(0.05, mu=0.9)/sgd(1e-4)", false));
    assertTrue(replayed.mean(40, 60) < 0.5 * replayed.mean(0, 5), replayed.losses().toString());
  }

  @Test
  void charLstm() {
    Outcome replayed = train(new Counting(), "adam(0.02)/sgd(1e-5)", true);
    replayed.assertSame(train(new Counting(), "adam(0.02)/sgd(1e-5)", false));
    assertTrue(replayed.mean(50, 60) < 0.3 * replayed.mean(0, 5), replayed.losses().toString());
  }
}

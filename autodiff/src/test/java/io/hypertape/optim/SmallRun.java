package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.cpu.CpuBackends;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A small classifier, which trains on a backend that records or on one that does not. */
final class SmallRun implements AutoCloseable {

  static final int FEATURES = 5;
  static final int CLASSES = 3;

  final ReplayingBackend backend;
  final Session session;
  final Parameter weight;
  final Parameter bias;

  private SmallRun(Backend machine, boolean records) {
    backend = new ReplayingBackend(machine, records);
    session = Session.over(backend);
    // In a scope, so that what is held does not depend on the garbage collector.
    weight = session.scoped(() -> parameter("weight", 1, CLASSES, FEATURES));
    bias = session.scoped(() -> parameter("bias", 2, CLASSES));
  }

  private Parameter parameter(String name, int seed, int... shape) {
    return new Parameter(name, session.normal(shape, 1, seed));
  }

  static SmallRun cpu(boolean records) {
    return new SmallRun(CpuBackends.open("SCALAR", 1), records);
  }

  static SmallRun exact(boolean records) {
    return new SmallRun(new ReferenceBackend(DType.F64), records);
  }

  TowerOptimizer bind(String tower) {
    return Tower.parse(tower).bind(session, List.of(weight, bias));
  }

  Tensor loss(List<Tensor> in) {
    Tensor x = in.get(0);
    Tensor output = x.matmulTransposed(weight.value()).add(bias.value()).tanh().logSoftmax();
    return output.pick(in.get(1)).mean().neg();
  }

  /** Rows from one place to another of a batch. */
  static Input[] rows(int seed, int from, int to) {
    Random random = new Random(seed);
    int all = 12;
    float[] x = new float[all * FEATURES];
    int[] labels = new int[all];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < all; i++) {
      labels[i] = random.nextInt(CLASSES);
    }
    return new Input[] {
      Input.floats(
          java.util.Arrays.copyOfRange(x, from * FEATURES, to * FEATURES), to - from, FEATURES),
      Input.indices(java.util.Arrays.copyOfRange(labels, from, to))
    };
  }

  static Input[] batch(int seed) {
    return rows(seed, 0, 12);
  }

  /** The same as tensors, for losses that are not prepared. */
  List<Tensor> tensors(Input[] inputs) {
    return List.of(inputs[0].create(session), inputs[1].create(session));
  }

  /** Weights and hyperparameters. */
  double[] values(TowerOptimizer... optimizers) {
    List<Double> values = new ArrayList<>();
    for (TowerOptimizer optimizer : optimizers) {
      optimizer.hyperparameters().forEach(h -> values.add(h.raw()));
    }
    for (Parameter parameter : List.of(weight, bias)) {
      for (double value : parameter.value().toDoubles()) {
        values.add(value);
      }
    }
    return values.stream().mapToDouble(v -> v).toArray();
  }

  @Override
  public void close() {
    session.close();
  }
}

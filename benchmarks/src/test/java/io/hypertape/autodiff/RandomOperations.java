package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.Pooling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** A program of tensor operations that bytes stand for, and a log of what became of each. */
final class RandomOperations {

  private static final int LARGEST = 4096;
  private static final int LONGEST = 64;

  private final Session session;
  private final byte[] input;
  private final Set<Class<?>> refusals;
  private final List<Tensor> values = new ArrayList<>();
  private final List<Tensor> watched = new ArrayList<>();
  private final List<String> log = new ArrayList<>();
  private int at;

  RandomOperations(Session session, byte[] input, Set<Class<?>> refusals) {
    this.session = session;
    this.input = input;
    this.refusals = refusals;
  }

  List<String> log() {
    return log;
  }

  /** Bytes that scalars of the session's own may take: a cache line for each that was asked for. */
  long constants() {
    return 64L * 1024;
  }

  void run() {
    try (Tape tape = session.tape()) {
      for (int i = 0; i < 3; i++) {
        Tensor leaf = tape.watch(session.uniform(new int[] {1 + i, 3}, 1, i));
        watched.add(leaf);
        values.add(leaf);
      }
      values.add(session.indices(0, 2, 1));
      for (int i = 0; i < LONGEST && at < input.length; i++) {
        step(tape);
      }
    }
  }

  private int next() {
    return at < input.length ? input[at++] & 0xFF : 0;
  }

  private Tensor value() {
    return values.get(next() % values.size());
  }

  /** A length: mostly one that fits something, now and then one that nothing fits. */
  private int length() {
    return next() % 9 - 1;
  }

  private int[] lengths() {
    int[] shape = new int[next() % 6];
    Arrays.setAll(shape, k -> length());
    return shape;
  }

  /** Any whole number: small ones, and those at the ends of what int holds. */
  private int number() {
    int byt = next();
    return switch (byt) {
      case 255 -> Integer.MAX_VALUE;
      case 254 -> Integer.MIN_VALUE;
      case 253 -> 1 << 16;
      default -> byt % 12 - 3;
    };
  }

  private double real() {
    return switch (next() % 8) {
      case 0 -> 0;
      case 1 -> Double.NaN;
      case 2 -> Double.POSITIVE_INFINITY;
      case 3 -> -1;
      case 4 -> 1e308;
      case 5 -> 1e-308;
      default -> 0.5;
    };
  }

  private void step(Tape tape) {
    int op = next();
    String line;
    try {
      Tensor result = op == 250 ? gradient(tape) : operation(op).get();
      line = op + ": " + Arrays.toString(result.shape()) + " " + result.dtype();
      if (result.size() <= LARGEST && result.rank() <= 6) {
        values.add(result);
      }
    } catch (RuntimeException e) {
      if (!refusals.contains(e.getClass()) || e.getMessage() == null) {
        throw new AssertionError("operation " + op + " of " + values, e);
      }
      line = op + ": " + e.getMessage();
    }
    log.add(line);
  }

  private Tensor gradient(Tape tape) {
    return tape.gradient(value(), List.of(watched.get(next() % watched.size()))).getFirst();
  }

  private Supplier<Tensor> operation(int op) {
    Tensor x = value();
    // Not one more remainder: inputs that were found before mean what they meant.
    if (op > 250) {
      return () -> composed(x, next());
    }
    return switch (op % 9) {
      case 0 -> () -> unary(x, next());
      case 1 -> () -> binary(x, value(), next());
      case 2 -> () -> withNumber(x, real(), next());
      case 3 -> () -> reduced(x, next());
      case 4 -> () -> product(x, value(), next());
      case 5 -> () -> view(x, next());
      case 6 -> () -> layer(x, next());
      case 7 -> () -> recurrent(x, next());
      default -> () -> created(next());
    };
  }

  private Tensor composed(Tensor x, int which) {
    return switch (which % 16) {
      case 0 -> x.softmax(number());
      case 1 -> x.logSoftmax(number());
      case 2 -> x.cumsum(number());
      case 3 -> x.gather(number(), value());
      case 4 -> x.gather(number(), session.indices(new int[x.size()]).reshape(x.shape()));
      case 5 -> x.take(number(), value());
      case 6 -> Tensor.where(value(), x, value());
      case 7 -> Tensor.where(x.greaterThan(value()), x, value());
      case 8 -> Tensor.einsum(letters(x) + "," + letters(x) + "->" + letters(x), x, value());
      case 9 -> Tensor.einsum("ij,jk->ik", x, value());
      case 10 -> Tensor.einsum("ijk,ilk", x, value());
      case 11 -> x.lessOrEqual(value());
      case 12 -> x.notEqualTo(value());
      case 13 -> x.sumKeepDims(axes());
      case 14 -> x.maxKeepDims(axes());
      default -> x.reshape(1, -1, 1 + next() % 4).matmul(value());
    };
  }

  /** Of as many axes. */
  private String letters(Tensor x) {
    StringBuilder letters = new StringBuilder();
    for (int k = 0; k < x.rank(); k++) {
      letters.append((char) ('a' + (next() + k) % 5));
    }
    return letters.toString();
  }

  private Tensor created(int which) {
    return switch (which % 7) {
      case 0 -> session.uniform(lengths(), 1, next());
      case 1 -> session.normal(lengths(), 2, next());
      case 2 -> session.full(lengths(), real());
      case 3 -> session.indices(number(), number(), number());
      case 4 -> session.indices(new int[next() % 8]);
      case 5 -> session.tensor(new float[next() % 8], lengths());
      default -> session.constant(real());
    };
  }

  private static Tensor unary(Tensor x, int which) {
    return switch (which % 15) {
      case 0 -> x.neg();
      case 1 -> x.abs();
      case 2 -> x.exp();
      case 3 -> x.log();
      case 4 -> x.sqrt();
      case 5 -> x.square();
      case 6 -> x.reciprocal();
      case 7 -> x.tanh();
      case 8 -> x.sigmoid();
      case 9 -> x.relu();
      case 10 -> x.sign();
      case 11 -> x.heaviside();
      case 12 -> x.detach();
      case 13 -> x.copy();
      default -> x.contiguous();
    };
  }

  private static Tensor binary(Tensor x, Tensor y, int which) {
    return switch (which % 9) {
      case 0 -> x.add(y);
      case 1 -> x.sub(y);
      case 2 -> x.mul(y);
      case 3 -> x.div(y);
      case 4 -> x.pow(y);
      case 5 -> x.maximum(y);
      case 6 -> x.minimum(y);
      case 7 -> x.equalTo(y);
      default -> x.greaterThan(y);
    };
  }

  private static Tensor withNumber(Tensor x, double value, int which) {
    return switch (which % 7) {
      case 0 -> x.add(value);
      case 1 -> x.mul(value);
      case 2 -> x.div(value);
      case 3 -> x.pow(value);
      case 4 -> x.maximum(value);
      case 5 -> x.minimum(value);
      default -> x.equalTo(value);
    };
  }

  private Tensor reduced(Tensor x, int which) {
    int[] axes = new int[next() % 4];
    Arrays.setAll(axes, k -> number());
    return switch (which % 6) {
      case 0 -> x.sum(axes);
      case 1 -> x.mean(axes);
      case 2 -> x.max(axes);
      case 3 -> x.min(axes);
      case 4 -> x.logSoftmax();
      default -> x.softmax();
    };
  }

  private Tensor product(Tensor x, Tensor y, int which) {
    return switch (which % 6) {
      case 0 -> x.matmul(y);
      case 1 -> x.matmulTransposed(y);
      case 2 -> x.affine(y, value(), Epilogue.values()[next() % Epilogue.values().length]);
      case 3 -> x.pick(y);
      case 4 -> x.scatter(y, length());
      default -> NeuralOps.embedding(x, y);
    };
  }

  private Tensor view(Tensor x, int which) {
    return switch (which % 9) {
      case 0 -> x.reshape(lengths());
      case 1 -> x.permute(axes());
      case 2 -> x.transpose();
      case 3 -> x.broadcastTo(lengths());
      case 4 -> x.sumTo(lengths());
      case 5 -> x.slice(number(), number(), number());
      case 6 -> x.slice(number(), number(), number(), number());
      case 7 -> x.pad(next() % 5 - 1, length(), length());
      default -> Tensor.concat(number(), List.of(x, value()));
    };
  }

  private int[] axes() {
    int[] axes = new int[next() % 5];
    Arrays.setAll(axes, k -> next() % 6 - 1);
    return axes;
  }

  private Tensor layer(Tensor x, int which) {
    return switch (which % 7) {
      case 0 ->
          NeuralOps.convolution(
              x,
              value(),
              new Convolution(
                  length(), length(), length(), length(), length(), length(), length()));
      case 1 -> NeuralOps.maxPool(x, pooling());
      case 2 -> NeuralOps.averagePool(x, pooling());
      case 3 -> NeuralOps.globalAveragePool(x);
      case 4 -> NeuralOps.batchNorm(x, value(), value(), real()).y();
      case 5 -> NeuralOps.normalize(x, value(), value(), value(), value(), real());
      default -> NeuralOps.dropout(x, real(), new DropoutCounter(session, next()));
    };
  }

  private Pooling pooling() {
    return new Pooling(length(), length(), length(), length(), length(), length());
  }

  private Tensor recurrent(Tensor x, int which) {
    List<Tensor> weights = new ArrayList<>();
    Tensor hidden = value();
    int count = next() % 9;
    for (int k = 0; k < count; k++) {
      weights.add(value());
    }
    return switch (which % 4) {
      case 0 -> NeuralOps.lstm(x, hidden, value(), weights).output();
      case 1 -> NeuralOps.gru(x, hidden, weights).output();
      case 2 -> NeuralOps.embeddedLstm(x, value(), hidden, value(), weights).output();
      default -> NeuralOps.embeddedGru(x, value(), hidden, weights).output();
    };
  }
}

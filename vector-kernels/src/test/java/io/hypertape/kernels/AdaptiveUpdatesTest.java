package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.updates.UpdateOp;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Adaptive updates against their formulas in double, and vector kernels against scalar ones. */
class AdaptiveUpdatesTest {

  private static final int[] SIZES = {
    0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 1009, 4096, 40_009
  };
  private static final float NOTHING = 42;
  private static final String WITH_SQUARES = "(ADAGRAD|RMSPROP).*";
  private static final List<String> SQUARES = List.of("v", "G");

  /** An update's operands, each vector at an offset of its own, and what comes of it. */
  private static final class Call {
    final UpdateOp update;
    final int n;
    final float[][] vectors;
    final int[] offsets;
    final double[] scalars;
    final float[] sums = new float[5];

    Call(UpdateOp update, int n) {
      this.update = update;
      this.n = n;
      int count = update.vectors().size();
      vectors = new float[count][];
      offsets = new int[count];
      for (int i = 0; i < count; i++) {
        offsets[i] = i + 1;
        int length = offsets[i] + n + 1;
        if (i >= update.inputs().size()) {
          vectors[i] = new float[length];
          Arrays.fill(vectors[i], NOTHING);
        } else {
          String name = update.inputs().get(i);
          boolean square =
              SQUARES.contains(name) || name.equals("s") && update.name().matches(WITH_SQUARES);
          vectors[i] = square ? Randoms.positive(length, i) : Randoms.normal(length, i);
        }
      }
      scalars = scalars(update);
      Arrays.fill(sums, NOTHING);
    }

    double x(String name, int i) {
      int at = update.vectors().indexOf(name);
      return vectors[at][offsets[at] + i];
    }

    double scalar(String name) {
      return scalars[update.scalars().indexOf(name)];
    }

    Floats[] operands() {
      Floats[] operands = new Floats[vectors.length];
      Arrays.setAll(operands, i -> new Floats(vectors[i], offsets[i], n));
      return operands;
    }

    void run(Kernels kernels) {
      kernels.updates().of(update, scalars, sums, operands()).run();
    }

    /** New values alone. */
    float[][] outputs() {
      return Arrays.copyOfRange(vectors, update.inputs().size(), vectors.length);
    }
  }

  private static double[] scalars(UpdateOp update) {
    return switch (update) {
      case SGD, SGD_HYPER, TRACE -> new double[] {0.3f};
      case SGD_MOMENTUM, SGD_MOMENTUM_HYPER -> new double[] {0.03f, 0.9f};
      case ADAGRAD, ADAGRAD_HYPER -> new double[] {0.03f, 1e-3f};
      case RMSPROP, RMSPROP_HYPER -> new double[] {0.03f, 0.97, 1e-3f};
      case ADAM, ADAM_HYPER -> new double[] {0.03f, 0.85, 0.97, 1e-3f, 3};
      case PRODIGY_TERMS -> new double[] {0.25, 0.3f, 0.85, 0.97, 0};
      case DADAPT_ADAM_TERMS -> new double[] {0.3f, 0.85, 0.97, 1e-3f};
      case DADAPT_SGD_TERMS -> new double[] {0.3f};
      case DISTANCE_TERMS, MECHANIC_TERMS, GRADIENT_TERMS -> new double[0];
      case SCALED_STEP -> new double[] {0.03f, 7, 1e-3f};
      case SCALED_MOMENTUM -> new double[] {0.03f, 7, 1e-3f, 0.75};
      case MEANS_STEP -> new double[] {0.03f, 1e-3f};
      case SCHEDULE_FREE_SGD -> new double[] {0.03f, 0.001f, 0.9f, 0.875f, 0.125};
      case SCHEDULE_FREE_ADAM -> new double[] {0.03f, 0.001f, 0.9f, 0.875f, 0.125, 0.97, 1e-3f, 3};
    };
  }

  /** What an element adds to the sums and becomes, by the formulas in double. */
  private static double[][] expected(Call c, int i) {
    return switch (c.update) {
      case PRODIGY_TERMS -> prodigy(c, i);
      case DADAPT_ADAM_TERMS -> dadaptAdam(c, i);
      case DADAPT_SGD_TERMS -> {
        double s = c.x("s", i);
        double h = c.scalar("step") * c.x("g", i);
        yield new double[][] {{s + h}, {h * s, (s + h) * (s + h), square(c.x("raw", i))}};
      }
      case DISTANCE_TERMS ->
          new double[][] {
            {}, {square(c.x("g", i)), square(c.x("p", i) - c.x("x0", i)), square(c.x("x0", i))}
          };
      case MECHANIC_TERMS -> {
        double o = c.x("o", i);
        double q = c.x("q", i);
        yield new double[][] {
          {o + q - c.x("p", i)}, {square(c.x("g", i)), q * q, o * c.x("g", i), o * q}
        };
      }
      case MEANS_STEP -> {
        double root = Math.sqrt(c.x("v", i)) + c.scalar("eps");
        yield new double[][] {{c.x("p", i) - c.scalar("step") * c.x("m", i) / root}, {}};
      }
      case SCHEDULE_FREE_SGD -> {
        double[] moved = scheduleFree(c, i, c.x("g", i));
        yield new double[][] {moved, {}};
      }
      case SCHEDULE_FREE_ADAM -> {
        double beta2 = c.scalar("beta2");
        double v = beta2 * c.x("v", i) + (1 - beta2) * square(c.x("g", i));
        double hat = v / (1 - Math.pow(beta2, c.scalar("t")));
        double[] moved = scheduleFree(c, i, c.x("g", i) / (Math.sqrt(hat) + c.scalar("eps")));
        yield new double[][] {{moved[0], moved[1], v}, {}};
      }
      case GRADIENT_TERMS -> {
        double g = c.x("g", i);
        double b = c.x("b", i);
        yield new double[][] {{}, {g * g, g * c.x("a", i), g * b, b * b}};
      }
      case SCALED_STEP -> new double[][] {scaled(c, i), {}};
      case SCALED_MOMENTUM -> {
        double[] scaled = scaled(c, i);
        double moved = c.x("p", i) - c.x("last", i);
        double p = scaled[0] + c.scalar("mu") * moved;
        yield new double[][] {{p, scaled[1], scaled[2], moved}, {}};
      }
      default -> throw new AssertionError(c.update + " is UpdatesTest's");
    };
  }

  private static double square(double x) {
    return x * x;
  }

  private static double[][] prodigy(Call c, int i) {
    double g = c.x("g", i);
    double d = c.scalar("d");
    double beta1 = c.scalar("beta1");
    double beta2 = c.scalar("beta2");
    double beta3 = c.scalar("beta3") == 0 ? Math.sqrt(beta2) : c.scalar("beta3");
    double s = beta3 * c.x("s", i) + c.scalar("weight") * g;
    return new double[][] {
      {
        beta1 * c.x("m", i) + (1 - beta1) * d * g,
        beta2 * c.x("v", i) + (1 - beta2) * square(d * g),
        s
      },
      {(c.x("x0", i) - c.x("p", i)) * g, Math.abs(s)}
    };
  }

  private static double[][] dadaptAdam(Call c, int i) {
    double g = c.x("g", i);
    double h = c.scalar("step") * g;
    double beta1 = c.scalar("beta1");
    double beta2 = c.scalar("beta2");
    double s = Math.sqrt(beta2) * c.x("s", i) + (1 - Math.sqrt(beta2)) * h;
    return new double[][] {
      {beta1 * c.x("m", i) + (1 - beta1) * h, beta2 * c.x("v", i) + (1 - beta2) * g * g, s},
      {c.x("s", i) / (Math.sqrt(c.x("v", i)) + c.scalar("eps")) * h, Math.abs(s)}
    };
  }

  private static double[] scaled(Call c, int i) {
    double h = -c.x("g", i) * c.x("before", i) / c.scalar("squares");
    double sum = c.x("G", i) + h * h;
    double scale = c.x("P", i) - c.scalar("alpha") * h / (Math.sqrt(sum) + c.scalar("eps"));
    return new double[] {c.x("p", i) - scale * c.x("g", i), scale, sum};
  }

  private static double[] scheduleFree(Call c, int i, double direction) {
    double y = c.x("y", i);
    double z = c.x("z", i);
    double down = c.scalar("step") * direction + c.scalar("shrink") * y;
    // x' = (1 − c)·x + c·z', y' = β'·x' + (1 − β')·z'.
    double x = z + (y - z) / c.scalar("beta");
    double next = (1 - c.scalar("c")) * x + c.scalar("c") * (z - down);
    double beta = c.scalar("betaNow");
    return new double[] {beta * next + (1 - beta) * (z - down), z - down};
  }

  private static void follows(KernelMode mode, UpdateOp update, Consumer<Call> change) {
    try (Kernels kernels = Kernels.open(mode, 1)) {
      assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
      for (int n : SIZES) {
        Call call = new Call(update, n);
        change.accept(call);
        call.run(kernels);
        check(call);
      }
    }
  }

  private static void check(Call call) {
    double[] sums = new double[call.update.sums()];
    double[] magnitudes = new double[call.update.sums()];
    float[][] out = call.outputs();
    int inputs = call.update.inputs().size();
    for (int i = 0; i < call.n; i++) {
      double[][] expected = expected(call, i);
      String where = call.update + " of " + call.n + ", element " + i;
      for (int k = 0; k < out.length; k++) {
        double tolerance = 1e-6 * (1 + Math.abs(expected[0][k]));
        Close.assertWithin(
            expected[0][k], out[k][call.offsets[inputs + k] + i], tolerance, () -> where);
      }
      for (int k = 0; k < sums.length; k++) {
        sums[k] += expected[1][k];
        magnitudes[k] += Math.abs(expected[1][k]);
      }
    }
    for (int k = 0; k < sums.length; k++) {
      String where = call.update + " of " + call.n + ", sum " + k;
      Close.assertWithin(sums[k], call.sums[k], 2e-6 * magnitudes[k], () -> where);
    }
    assertEquals(NOTHING, call.sums[sums.length], "written behind the sums");
    for (int k = 0; k < out.length; k++) {
      int first = call.offsets[inputs + k];
      assertEquals(NOTHING, out[k][first - 1], call.update + ": written before the range");
      assertEquals(NOTHING, out[k][first + call.n], call.update + ": written after the range");
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.MATCH_NONE,
      names = {"(SGD|ADAGRAD|RMSPROP|ADAM).*", "TRACE"})
  void followTheirFormulas(UpdateOp update) {
    follows(KernelMode.SCALAR, update, call -> {});
    follows(KernelMode.VECTOR, update, call -> {});
  }

  /** A float cannot tell such decays from 1; and a decay of Prodigy's own. */
  @ParameterizedTest
  @EnumSource(names = {"PRODIGY_TERMS", "DADAPT_ADAM_TERMS", "SCHEDULE_FREE_ADAM"})
  void decaysNearOneKeepTheirDigits(UpdateOp update) {
    int beta2 = update.scalars().indexOf("beta2");
    int beta3 = update.scalars().indexOf("beta3");
    for (KernelMode mode : KernelMode.values()) {
      for (double rest : new double[] {1e-12, 1e-8, 1e-3, 0.5, 0.999}) {
        follows(mode, update, call -> call.scalars[beta2] = 1 - rest);
      }
      if (beta3 >= 0) {
        follows(mode, update, call -> call.scalars[beta3] = 0.75);
      }
    }
  }

  /** One of the threads, scalar kernels' new values, and sums of all threads. */
  @ParameterizedTest
  @EnumSource
  void bitsAreTheSameInScalarKernelsAndForAnyNumberOfThreads(UpdateOp update) {
    for (int n : new int[] {37, 5003, 200_003}) {
      Call one = new Call(update, n);
      try (Kernels vector = Kernels.open(KernelMode.VECTOR, 1)) {
        one.run(vector);
      }
      Call scalar = new Call(update, n);
      try (Kernels twin = Kernels.open(KernelMode.SCALAR, 1)) {
        scalar.run(twin);
      }
      Call threads = new Call(update, n);
      try (Kernels vector = Kernels.open(KernelMode.VECTOR, 3)) {
        threads.run(vector);
      }
      assertTrue(Arrays.deepEquals(one.outputs(), scalar.outputs()), update + " of " + n);
      assertTrue(Arrays.deepEquals(one.outputs(), threads.outputs()), update + " of " + n);
      assertArrayEquals(one.sums, threads.sums, update + " of " + n);
    }
  }

  /** Outputs in the places of inputs, the last ones, are what they are elsewhere. */
  @ParameterizedTest
  @EnumSource
  void bitsAreTheSameInPlace(UpdateOp update) {
    for (KernelMode mode : KernelMode.values()) {
      try (Kernels kernels = Kernels.open(mode, 1)) {
        for (int n : new int[] {1, 37, 5003}) {
          Call apart = new Call(update, n);
          apart.run(kernels);
          Call inPlace = new Call(update, n);
          int outputs = update.outputs().size();
          int inputs = update.inputs().size();
          for (int k = 0; k < outputs; k++) {
            inPlace.vectors[inputs + k] = inPlace.vectors[inputs - outputs + k];
            inPlace.offsets[inputs + k] = inPlace.offsets[inputs - outputs + k];
          }
          inPlace.run(kernels);
          for (int k = inputs; k < inputs + outputs; k++) {
            for (int i = 0; i < n; i++) {
              assertEquals(
                  apart.vectors[k][apart.offsets[k] + i],
                  inPlace.vectors[k][inPlace.offsets[k] + i],
                  mode + " " + update + " of " + n + ", element " + i);
            }
          }
          assertArrayEquals(apart.sums, inPlace.sums, mode + " " + update + " of " + n);
        }
      }
    }
  }

  /** What is no number is none afterwards, in its place, in every sum and nowhere else. */
  @ParameterizedTest
  @EnumSource
  void whatIsNoNumberStaysNone(UpdateOp update) {
    for (KernelMode mode : KernelMode.values()) {
      try (Kernels kernels = Kernels.open(mode, 1)) {
        for (int at : new int[] {3, 36}) {
          Call call = new Call(update, 37);
          for (int i = 0; i < update.inputs().size(); i++) {
            call.vectors[i][call.offsets[i] + at] = Float.NaN;
          }
          call.run(kernels);
          float[][] out = call.outputs();
          for (int k = 0; k < out.length; k++) {
            int first = call.offsets[update.inputs().size() + k];
            for (int i = 0; i < call.n; i++) {
              assertEquals(i == at, Float.isNaN(out[k][first + i]), mode + " " + update + " " + i);
            }
          }
          for (int k = 0; k < update.sums(); k++) {
            assertTrue(Float.isNaN(call.sums[k]), mode + " " + update + ", sum " + k);
          }
        }
      }
    }
  }

  /** Where nothing has ever had a gradient, nothing moves and no sum is other than 0. */
  @ParameterizedTest
  @EnumSource(names = {"PRODIGY_TERMS", "DADAPT_ADAM_TERMS", "DADAPT_SGD_TERMS", "MEANS_STEP"})
  void withoutAnyGradientYetAllIsZero(UpdateOp update) {
    for (KernelMode mode : KernelMode.values()) {
      try (Kernels kernels = Kernels.open(mode, 1)) {
        Call call = new Call(update, 37);
        for (int i = 0; i < update.inputs().size(); i++) {
          Arrays.fill(call.vectors[i], 0);
        }
        call.run(kernels);
        int inputs = update.inputs().size();
        for (int k = 0; k < update.outputs().size(); k++) {
          for (int i = 0; i < call.n; i++) {
            assertEquals(0, call.vectors[inputs + k][call.offsets[inputs + k] + i]);
          }
        }
        for (int k = 0; k < update.sums(); k++) {
          assertEquals(0, call.sums[k]);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void operandsThatDoNotFitAreRefused(UpdateOp update) {
    try (Kernels kernels = Kernels.open(KernelMode.VECTOR, 1)) {
      Call few = new Call(update, 10);
      int count = update.vectors().size();
      refused(
          update + ": " + (count - 1) + " vectors",
          () ->
              kernels
                  .updates()
                  .of(update, few.scalars, few.sums, Arrays.copyOf(few.operands(), count - 1)));
      if (update.sums() + update.scalars().size() > 0) {
        refused(
            "it takes " + update.scalars() + " and gives " + update.sums(),
            () -> kernels.updates().of(update, new double[0], new float[0], few.operands()));
      }
      Call late = new Call(update, 10);
      late.offsets[1] += 2;
      var e = assertThrows(IndexOutOfBoundsException.class, () -> late.run(kernels));
      assertTrue(e.getMessage().contains("covers elements 4 to 13"), e.getMessage());
      if (!update.outputs().isEmpty()) {
        Call overlapping = new Call(update, 10);
        int first = update.inputs().size();
        overlapping.vectors[first] = overlapping.vectors[0];
        overlapping.offsets[first] = overlapping.offsets[0] + 1;
        refused(
            update.outputs().getFirst()
                + ", 10 elements at 2, overlaps "
                + update.inputs().getFirst(),
            () -> overlapping.run(kernels));
      }
    }
  }

  private static void refused(String part, org.junit.jupiter.api.function.Executable call) {
    var e = assertThrows(IllegalArgumentException.class, call);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }
}

package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.cpu.CpuBackends;
import io.hypertape.autodiff.cuda.CudaTestBackends;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fused updates and hypergradients against the scalar kernels of the CPU. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaFusedUpdatesTest {

  private static final int[] SIZES = {0, 1, 3, 4, 5, 17, 1000, 5003};

  /** Hyperparameters, in the order of {@link FusedKernel}; the states are 0, 1 or 2. */
  private static float[] hyperparameters(FusedKernel kernel, float rest) {
    return switch (kernel) {
      case SGD, SGD_HYPER -> new float[] {0.03f};
      case SGD_MOMENTUM, SGD_MOMENTUM_HYPER -> new float[] {0.03f, 0.9f};
      case ADAGRAD, ADAGRAD_HYPER -> new float[] {0.03f, 1e-8f};
      case RMSPROP, RMSPROP_HYPER -> new float[] {0.03f, rest, 1e-8f};
      case ADAM, ADAM_HYPER -> new float[] {0.03f, 0.1f, rest, 1e-8f, 3};
      case TRACE -> new float[] {0.3f, -2, 3, 5};
      default -> throw new IllegalArgumentException("another test's: " + kernel);
    };
  }

  private static int states(FusedKernel kernel) {
    return switch (kernel) {
      case SGD, SGD_HYPER -> 0;
      case ADAM, ADAM_HYPER -> 2;
      default -> 1;
    };
  }

  private static int results(FusedKernel kernel) {
    return switch (kernel) {
      case SGD, SGD_HYPER, ADAGRAD_HYPER -> 1;
      case ADAM, ADAM_HYPER -> 3;
      case TRACE -> 4;
      default -> 2;
    };
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "TRACE_RATE",
        "TRACE_COSINE",
        "SELECT",
        "PRODIGY_TERMS",
        "DADAPT_ADAM_TERMS",
        "DADAPT_SGD_TERMS",
        "DISTANCE_TERMS",
        "MECHANIC_TERMS",
        "MEANS_STEP",
        "SCHEDULE_FREE_SGD",
        "SCHEDULE_FREE_ADAM",
        "GRADIENT_TERMS",
        "SCALED_STEP",
        "SCALED_MOMENTUM"
      })
  void sameAsOnTheCpu(FusedKernel kernel) {
    for (int n : SIZES) {
      for (int offset : new int[] {0, 1}) {
        compareAll(kernel, 0.001f, n, offset);
      }
    }
  }

  /** Complements of decays, those included that are no decay's between 0 and 1. */
  @ParameterizedTest
  @EnumSource(names = {"RMSPROP", "RMSPROP_HYPER", "ADAM", "ADAM_HYPER"})
  void sameAsOnTheCpuAtTheEnds(FusedKernel kernel) {
    for (float rest : new float[] {-1, 0, 1e-30f, 1e-12f, 1e-8f, 0.9f, 0.99999994f, 1, 2}) {
      compareAll(kernel, rest, 37, 0);
    }
  }

  private static void compareAll(FusedKernel kernel, float rest, int n, int offset) {
    float[][] cpu = run(CpuBackends.open("SCALAR", 1), kernel, rest, n, offset);
    float[][] cuda = run(CudaTestBackends.withoutCudnn(), kernel, rest, n, offset);
    for (int k = 0; k < cpu.length; k++) {
      compare(kernel + " of " + n + " at " + rest + ", result " + k, cpu[k], cuda[k]);
    }
  }

  private static void compare(String what, float[] expected, float[] actual) {
    for (int i = 0; i < expected.length; i++) {
      double tolerance = 2e-5 * Math.max(1, Math.abs(expected[i]));
      assertEquals(expected[i], actual[i], tolerance, what + ", element " + i);
    }
  }

  private static float[][] run(Backend backend, FusedKernel kernel, float rest, int n, int offset) {
    Random random = new Random(n);
    boolean hyper = kernel.name().endsWith("_HYPER");
    List<Storage> buffers = new ArrayList<>();
    View[] in = new View[2 + states(kernel) + hyperparameters(kernel, rest).length];
    for (int i = 0; i < in.length; i++) {
      boolean scalar = i >= 2 + states(kernel);
      float[] values = new float[scalar ? 1 : n + offset];
      for (int j = 0; j < values.length; j++) {
        float x = (float) random.nextGaussian();
        // States of squares are positive; the first of them 0, with a gradient of 0 too.
        values[j] = i >= 2 ? Math.abs(x) : x;
      }
      if (scalar) {
        values[0] = hyperparameters(kernel, rest)[i - 2 - states(kernel)];
      } else if (n > 2 && kernel == FusedKernel.ADAM_HYPER) {
        values[2] = 0;
      }
      in[i] = view(backend, buffers, values, scalar ? 0 : offset, scalar ? 1 : n);
    }
    View[] out = new View[results(kernel)];
    for (int k = 0; k < out.length; k++) {
      int size = hyper || kernel == FusedKernel.TRACE && k > 0 ? 1 : n;
      out[k] = view(backend, buffers, new float[size + offset], offset, size);
    }
    backend.fused(kernel, in, out);
    float[][] results = new float[out.length][];
    for (int k = 0; k < out.length; k++) {
      results[k] = new float[out[k].size()];
      backend.read(out[k], MemorySegment.ofArray(results[k]));
    }
    buffers.forEach(backend::free);
    backend.close();
    return results;
  }

  private static View view(
      Backend backend, List<Storage> buffers, float[] values, int offset, int size) {
    Storage buffer = backend.allocate(DType.F32, values.length);
    buffers.add(buffer);
    backend.write(MemorySegment.ofArray(values), buffer);
    return new View(buffer, offset, new int[] {size}, new int[] {1});
  }
}

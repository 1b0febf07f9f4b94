package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.ConvolutionPass;
import io.hypertape.autodiff.backend.Distribution;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.RecordingException;
import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.View;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.bindings.testing.CudaDouble;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of layers is CUDA's alone: recording, who computes what, and memory that is used up. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaLayersTest {

  private static CudaBackend open(SoftmaxPath path) {
    return CudaBackend.open(CudaPrecision.FLOAT32, path);
  }

  private static void assertSameBits(List<float[]> expected, List<float[]> found) {
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), found.get(i), "result " + i);
      for (float value : found.get(i)) {
        assertFalse(Float.isNaN(value), "result " + i + " has not been written");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CUDNN", "KERNELS"})
  void allLayersAreRecordedAndReplayedBitByBit(SoftmaxPath path) {
    try (CudaBackend backend = open(path)) {
      LayerWork work = new LayerWork(backend);
      work.run();
      List<float[]> first = work.results();
      float[] firstMask = work.read(work.mask);
      assertEquals(42, work.drawn());
      backend.beginRecording();
      work.run();
      try (Recording recording = backend.endRecording()) {
        assertEquals(42, work.drawn());
        work.forget();
        recording.replay();
        assertSameBits(first, work.results());
        float[] second = work.read(work.mask);
        assertFalse(Arrays.equals(firstMask, second), "a mask was drawn anew");
        recording.replay();
        assertFalse(Arrays.equals(second, work.read(work.mask)), "a mask was drawn anew");
        assertEquals(44, work.drawn());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CUDNN", "KERNELS"})
  void backwardPassesMayBeRepeated(SoftmaxPath path) {
    try (CudaBackend backend = open(path)) {
      for (Recurrence.Cell cell : Recurrence.Cell.values()) {
        Recurrence form = new Recurrence(cell, 2, 2, 1, 3, 4);
        View[] in = inputs(backend, form);
        View[] out = outputs(backend, form);
        backend.recurrent(form, in, out);
        View[] read = new View[out.length + in.length + 1];
        System.arraycopy(out, 0, read, 0, out.length - 1);
        System.arraycopy(in, 0, read, out.length - 1, in.length);
        read[read.length - 2] = out[0];
        read[read.length - 1] = out[out.length - 1];
        View[] gradients =
            Arrays.stream(in).map(v -> filled(backend, 0, v.shape())).toArray(View[]::new);
        backend.recurrentGrad(form, read, gradients);
        List<float[]> first = Arrays.stream(gradients).map(v -> read(backend, v)).toList();
        backend.recurrentGrad(form, read, gradients);
        assertSameBits(first, Arrays.stream(gradients).map(v -> read(backend, v)).toList());
      }
    }
  }

  private static View filled(CudaBackend backend, double value, int... shape) {
    int size = 1;
    for (int length : shape) {
      size *= length;
    }
    View view = View.contiguous(backend.allocate(DType.F32, size), shape);
    backend.fill(value, view);
    return view;
  }

  private static float[] read(CudaBackend backend, View view) {
    float[] values = new float[view.size()];
    backend.read(view, MemorySegment.ofArray(values));
    return values;
  }

  private static View[] inputs(CudaBackend backend, Recurrence form) {
    int states = form.cell().hasCellState() ? 2 : 1;
    int gates = form.cell().gates() * form.hidden();
    View[] in = new View[1 + states + 4 * form.layers()];
    in[0] = filled(backend, 0.25, form.steps(), form.batch(), form.inputs());
    for (int s = 0; s < states; s++) {
      in[1 + s] = filled(backend, 0.5 - s, form.layers(), form.batch(), form.hidden());
    }
    for (int layer = 0; layer < form.layers(); layer++) {
      int at = 1 + states + 4 * layer;
      in[at] = filled(backend, 0.1, gates, form.inputsOf(layer));
      in[at + 1] = filled(backend, -0.2, gates, form.hidden());
      in[at + 2] = filled(backend, 0.3, gates);
      in[at + 3] = filled(backend, -0.1, gates);
    }
    return in;
  }

  private static View[] outputs(CudaBackend backend, Recurrence form) {
    int states = form.cell().hasCellState() ? 2 : 1;
    View[] out = new View[2 + states];
    out[0] = filled(backend, Double.NaN, form.steps(), form.batch(), form.hidden());
    for (int s = 0; s < states; s++) {
      out[1 + s] = filled(backend, Double.NaN, form.layers(), form.batch(), form.hidden());
    }
    out[1 + states] = filled(backend, Double.NaN, backend.recurrentReserve(form));
    return out;
  }

  @Test
  void shapesThatAreNewCannotBeRecorded() {
    try (CudaBackend backend = open(SoftmaxPath.CUDNN)) {
      View x = filled(backend, 1, 1, 1, 3, 3);
      View w = filled(backend, 1, 1, 1, 2, 2);
      View y = filled(backend, 0, 1, 1, 2, 2);
      Convolution form = Convolution.of(1, 0);
      backend.beginRecording();
      Exception e =
          assertThrows(
              RecordingException.class,
              () -> backend.convolution(ConvolutionPass.FORWARD, form, x, w, y));
      assertTrue(e.getMessage().contains("run the same work once before"), e.getMessage());
      Recurrence layers = new Recurrence(Recurrence.Cell.GRU, 1, 1, 1, 1, 1);
      e = assertThrows(RecordingException.class, () -> backend.recurrentReserve(layers));
      assertTrue(e.getMessage().contains("run the same work once before"), e.getMessage());
      backend.abortRecording();
      backend.convolution(ConvolutionPass.FORWARD, form, x, w, y);
      assertArrayEquals(new float[] {4, 4, 4, 4}, read(backend, y));
    }
  }

  @Test
  void cudnnDoesWhatItCanAndCublasTheRest() {
    CudaDouble.requireDouble();
    try (CudaBackend backend = open(SoftmaxPath.CUDNN)) {
      Convolution form = Convolution.of(1, 0);
      View w = filled(backend, 2, 1, 1, 1, 1);
      View aligned = filled(backend, 3, 1, 1, 1, 4);
      View y = filled(backend, 0, 1, 1, 1, 4);
      for (int i = 0; i < 3; i++) {
        backend.convolution(ConvolutionPass.FORWARD, form, aligned, w, y);
      }
      assertEquals(3, CudaDouble.calls("cudnnConvolutionForward"));
      assertEquals(1, CudaDouble.calls("cudnnGetConvolutionForwardAlgorithm_v7"));
      assertEquals(0, CudaDouble.calls("cublasSgemm_v2"));
      Storage storage = filled(backend, 5, 6).storage();
      View odd = new View(storage, 1, new int[] {1, 1, 1, 4}, new int[] {4, 4, 4, 1});
      backend.convolution(ConvolutionPass.FORWARD, form, odd, w, y);
      assertArrayEquals(new float[] {10, 10, 10, 10}, read(backend, y));
      assertEquals(3, CudaDouble.calls("cudnnConvolutionForward"));
      assertEquals(1, CudaDouble.calls("cublasSgemm_v2"));
      backend.convolution(ConvolutionPass.FORWARD, form, aligned, w, y);
      assertArrayEquals(new float[] {6, 6, 6, 6}, read(backend, y));
      assertEquals(4, CudaDouble.calls("cudnnConvolutionForward"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cudnnConvolutionForward",
        "cudnnConvolutionBackwardData",
        "cudnnConvolutionBackwardFilter",
        "cudnnBatchNormalizationForwardTraining",
        "cudnnBatchNormalizationBackward",
        "cudnnSetRNNDescriptor_v8",
        "cudnnRNNForward"
      })
  void whatCudnnDoesNotSupportAfterAllIsOurs(String function) {
    CudaDouble.requireDouble();
    List<float[]> expected;
    try (CudaBackend backend = open(SoftmaxPath.CUDNN)) {
      LayerWork work = new LayerWork(backend);
      work.run();
      expected = work.results();
    }
    CudaDouble.reset();
    try (CudaBackend backend = open(SoftmaxPath.CUDNN)) {
      CudaDouble.fail(1, 3003, function);
      LayerWork work = new LayerWork(backend);
      for (int i = 0; i < 2; i++) {
        work.forget();
        work.run();
        List<float[]> found = work.results();
        for (int j = 0; j < found.size(); j++) {
          assertArrayEquals(expected.get(j), found.get(j), 1e-4f, "result " + j);
        }
      }
      assertEquals(function, CudaDouble.failed().orElse("nothing failed"));
    }
  }

  @Test
  void sequencesLongerThanCudnnTakesAreOurs() {
    CudaDouble.requireDouble();
    try (CudaBackend backend = open(SoftmaxPath.CUDNN)) {
      Recurrence form = new Recurrence(Recurrence.Cell.GRU, 1, 65536, 1, 1, 1);
      View[] in = inputs(backend, form);
      View[] out = outputs(backend, form);
      backend.recurrent(form, in, out);
      assertEquals(0, CudaDouble.calls("cudnnRNNForward"));
      float[] y = read(backend, out[0]);
      // A constant input leads to a state that stays.
      assertEquals(y[65535], y[60000], 1e-6f);
      assertEquals(y[65535], read(backend, out[1])[0]);
    }
  }

  @Test
  void tf32IsForConvolutionsAndRecurrentLayersToo() {
    CudaDouble.requireDouble();
    float fine = 1 + 1f / 4096;
    for (CudaPrecision precision : CudaPrecision.values()) {
      try (CudaBackend backend = CudaBackend.open(precision, SoftmaxPath.CUDNN)) {
        View x = filled(backend, fine, 1, 1, 1, 1);
        View w = filled(backend, 1, 1, 1, 1, 1);
        View y = filled(backend, 0, 1, 1, 1, 1);
        backend.convolution(ConvolutionPass.FORWARD, Convolution.of(1, 0), x, w, y);
        float product = read(backend, y)[0];
        assertEquals(precision == CudaPrecision.TF32 ? 1f : fine, product);
        Recurrence form = new Recurrence(Recurrence.Cell.LSTM, 1, 1, 1, 1, 1);
        View[] out = outputs(backend, form);
        View[] in = inputs(backend, form);
        backend.fill(fine, in[0]);
        backend.recurrent(form, in, out);
        float exact = read(backend, out[0])[0];
        backend.fill(1, in[0]);
        backend.recurrent(form, in, out);
        boolean rounded = exact == read(backend, out[0])[0];
        assertEquals(precision == CudaPrecision.TF32, rounded);
      }
    }
  }

  @Test
  void aNumberIsKeptIfItIsBelowKeepAndNotIfItIsEqual() {
    try (CudaBackend backend = open(SoftmaxPath.KERNELS)) {
      View numbers = filled(backend, 0, 100);
      backend.random(Distribution.UNIFORM, 77, 5, numbers);
      float[] drawn = read(backend, numbers);
      Storage counter = backend.allocate(DType.I32, 1);
      View mask = filled(backend, 0, 100);
      for (int i = 0; i < 10; i++) {
        for (double keep : new double[] {drawn[i], Math.nextUp((double) drawn[i])}) {
          backend.write(MemorySegment.ofArray(new int[] {5}), counter);
          backend.dropoutMask(keep, 77, View.contiguous(counter, 1), mask);
          float[] values = read(backend, mask);
          for (int j = 0; j < values.length; j++) {
            assertEquals(drawn[j] < keep ? (float) (1 / keep) : 0f, values[j]);
          }
        }
      }
    }
  }

  /** One product for all images, and not one for each: 128 of them are a batch of ResNet-20's. */
  @Test
  void productsOfManyImagesAreOneCall() {
    CudaDouble.requireDouble();
    try (CudaBackend backend = open(SoftmaxPath.KERNELS)) {
      for (int groups : new int[] {1, 2, 256}) {
        View x = filled(backend, 1, 128, 256, 2, 2);
        View w = filled(backend, 0.5, 256, 256 / groups, 1, 1);
        View y = filled(backend, 0, 128, 256, 2, 2);
        Convolution form = new Convolution(1, 1, 0, 0, 1, 1, groups);
        long before = CudaDouble.calls("cuLaunchKernel");
        long products = products();
        backend.convolution(ConvolutionPass.FORWARD, form, x, w, y);
        backend.convolution(ConvolutionPass.DATA, form, y, w, x);
        View dw = filled(backend, 0, 256, 256 / groups, 1, 1);
        backend.convolution(ConvolutionPass.FILTER, form, y, y, dw);
        assertEquals(3 * Math.min(groups, 128), products() - products, groups + " groups");
        assertTrue(CudaDouble.calls("cuLaunchKernel") - before <= 6);
        assertEquals(128f / groups, read(backend, y)[7]);
        assertEquals(128f / groups * 128 / groups, read(backend, x)[7]);
        assertEquals(4 * 128 * (128f / groups) * (128f / groups), read(backend, dw)[5]);
      }
      String told = "convolutions by products of cuBLAS: there is no cuDNN";
      assertEquals(List.of(told), backend.fallbacks());
    }
  }

  private static long products() {
    return CudaDouble.calls("cublasSgemm_v2") + CudaDouble.calls("cublasSgemmStridedBatched");
  }

  @Test
  void columnsOfManyImagesAreMadeInPieces() {
    try (CudaBackend backend = open(SoftmaxPath.KERNELS)) {
      // The columns of an image are 360 000 bytes: those of 93 are made at a time.
      View x = filled(backend, 1, 300, 1, 100, 100);
      View w = filled(backend, 0.5, 1, 1, 3, 3);
      View y = filled(backend, 0, 300, 1, 100, 100);
      Convolution form = Convolution.of(1, 1);
      backend.convolution(ConvolutionPass.FORWARD, form, x, w, y);
      float[] values = read(backend, y);
      for (int image = 0; image < 300; image++) {
        assertEquals(4.5f, values[image * 10_000 + 5050], "image " + image);
        assertEquals(2f, values[image * 10_000], "image " + image);
      }
      View dw = filled(backend, 0, 1, 1, 3, 3);
      backend.convolution(ConvolutionPass.FILTER, form, x, x, dw);
      assertEquals(300 * 10_000, read(backend, dw)[4], 1);
      View dx = filled(backend, 0, 300, 1, 100, 100);
      backend.convolution(ConvolutionPass.DATA, form, x, w, dx);
      assertArrayEquals(values, read(backend, dx));
    }
  }

  /** Each thread looks after its own, and the first is told whoever comes first. */
  @Test
  void theFirstOfManyBadIndicesIsTold() {
    try (CudaBackend backend = open(SoftmaxPath.KERNELS)) {
      int[] indices = new int[3000];
      Arrays.fill(indices, 700, 3000, 9);
      indices[650] = -1;
      Storage index = backend.allocate(DType.I32, 3000);
      backend.write(MemorySegment.ofArray(indices), index);
      View x = filled(backend, 1, 3000, 4);
      backend.pick(x, View.contiguous(index, 3000), filled(backend, 0, 3000));
      Exception e = assertThrows(IndexOutOfBoundsException.class, backend::synchronize);
      assertTrue(e.getMessage().contains("index[650] is -1, allowed are 0 to 3"), e.getMessage());
      View in = filled(backend, 1, 3000);
      backend.scatter(in, View.contiguous(index, 3000), x);
      e = assertThrows(IndexOutOfBoundsException.class, backend::synchronize);
      assertTrue(e.getMessage().contains("index[650] is -1"), e.getMessage());
    }
  }

  @Test
  void aReplayFindsBadRowsToo() {
    try (CudaBackend backend = open(SoftmaxPath.KERNELS)) {
      View table = filled(backend, 1, 4, 3);
      View out = filled(backend, 0, 2, 3);
      Storage index = backend.allocate(DType.I32, 2);
      backend.write(MemorySegment.ofArray(new int[] {3, 0}), index);
      View rows = View.contiguous(index, 2);
      backend.beginRecording();
      backend.gatherRows(table, rows, out);
      backend.scatterRows(out, rows, table);
      try (Recording recording = backend.endRecording()) {
        recording.replay();
        backend.synchronize();
        backend.write(MemorySegment.ofArray(new int[] {3, -2}), index);
        recording.replay();
        Exception e = assertThrows(IndexOutOfBoundsException.class, backend::synchronize);
        assertTrue(e.getMessage().contains("index[1] is -2, allowed are 0 to 3"), e.getMessage());
        backend.synchronize();
      }
    }
  }
}

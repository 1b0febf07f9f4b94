package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.testing.CudaDouble;
import io.hypertape.bindings.testing.LayerLoops;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CudnnRecurrenceTest extends CudaTestCase {

  private CudnnHandle cudnn;
  private CudnnRecurrence recurrence;
  private final List<DeviceMemory> held = new ArrayList<>();

  @BeforeEach
  void openHandle() {
    cudnn = CudnnHandle.create(stream);
    recurrence = CudnnRecurrence.create(cudnn, MatmulPrecision.FP32);
  }

  @AfterEach
  void closeHandle() {
    held.forEach(DeviceMemory::close);
    recurrence.close();
    recurrence.close();
    cudnn.close();
  }

  private DeviceMemory memory(long bytes) {
    DeviceMemory memory = pool.allocate(bytes);
    held.add(memory);
    return memory;
  }

  private DeviceMemory uploaded(float[] values) {
    DeviceMemory memory = upload(values);
    held.add(memory);
    return memory;
  }

  /** The weights' tensors in the order of {@link WeightSpan}. */
  private static List<float[]> tensors(RecurrentShape s) {
    List<float[]> tensors = new ArrayList<>();
    int rows = s.cell().gates() * s.hidden();
    for (int layer = 0; layer < s.layers(); layer++) {
      tensors.add(values(rows * s.inputsOf(layer), 10 * layer + 1));
      tensors.add(values(rows * s.hidden(), 10 * layer + 2));
      tensors.add(values(rows, 10 * layer + 3));
      tensors.add(values(rows, 10 * layer + 4));
    }
    return tensors;
  }

  private static double[] joined(float[]... parts) {
    int size = 0;
    for (float[] part : parts) {
      size += part.length;
    }
    double[] all = new double[size];
    int at = 0;
    for (float[] part : parts) {
      for (float value : part) {
        all[at++] = value;
      }
    }
    return all;
  }

  private void check(double[] expected, int from, DeviceMemory memory, double tolerance) {
    float[] found = download(memory);
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected[from + i], found[i], tolerance, "element " + i);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theLayersAreThoseOfPlainLoops(RecurrentShape.Cell cell) {
    boolean lstm = cell == RecurrentShape.Cell.LSTM;
    RecurrentShape shape = new RecurrentShape(cell, 2, 3, 2, 4, 3);
    LayerLoops.Recurrence loops = new LayerLoops.Recurrence(lstm, 2, 3, 2, 4, 3);
    RecurrentPlan plan = recurrence.plan(shape).orElseThrow();
    float[] x = values(loops.inputSize(), 100);
    float[] h = values(loops.state(), 101);
    float[] c = lstm ? values(loops.state(), 102) : new float[0];
    List<float[]> tensors = tensors(shape);
    List<float[]> parts = new ArrayList<>(List.of(x, h, c));
    parts.addAll(tensors);
    double[] in = joined(parts.toArray(float[][]::new));
    DeviceMemory weights = memory(plan.weightBytes());
    List<DeviceMemory> sources = tensors.stream().map(this::uploaded).toList();
    for (WeightSpan span : plan.weights(weights.address())) {
      long from = sources.get(span.tensor()).address() + span.from();
      stream.copyOnDevice(from, weights.address() + span.to(), span.bytes());
    }
    long xAt = uploaded(x).address();
    long hAt = uploaded(h).address();
    long cAt = lstm ? uploaded(c).address() : 0;
    DeviceMemory y = memory(4L * loops.outputSize());
    DeviceMemory hy = memory(4L * loops.state());
    DeviceMemory cy = memory(lstm ? 4L * loops.state() : 0);
    long workspace = memory(plan.workspaceBytes()).address();
    long reserve = memory(plan.reserveBytes()).address();
    plan.forward(
        xAt,
        hAt,
        cAt,
        y.address(),
        hy.address(),
        cy.address(),
        weights.address(),
        workspace,
        reserve);
    double[] expected = loops.forward(in);
    check(expected, 0, y, 1e-5);
    check(expected, loops.outputSize(), hy, 1e-5);
    if (lstm) {
      check(expected, loops.outputSize() + loops.state(), cy, 1e-5);
    }
    float[] dy = values(loops.outputSize(), 103);
    float[] dhy = values(loops.state(), 104);
    float[] dcy = lstm ? values(loops.state(), 105) : new float[0];
    DeviceMemory dx = memory(4L * loops.inputSize());
    DeviceMemory dh = memory(4L * loops.state());
    DeviceMemory dc = memory(lstm ? 4L * loops.state() : 0);
    plan.backwardData(
        y.address(),
        uploaded(dy).address(),
        uploaded(dhy).address(),
        lstm ? uploaded(dcy).address() : 0,
        hAt,
        cAt,
        dx.address(),
        dh.address(),
        dc.address(),
        weights.address(),
        workspace,
        reserve);
    DeviceMemory gradients = memory(plan.weightBytes());
    stream.fillBytes(gradients.address(), 0, plan.weightBytes());
    plan.backwardWeights(xAt, hAt, y.address(), gradients.address(), workspace, reserve);
    double[] wanted = loops.gradient(in, joined(dy, dhy, dcy));
    check(wanted, 0, dx, 1e-4);
    check(wanted, loops.inputSize(), dh, 1e-4);
    if (lstm) {
      check(wanted, loops.inputSize() + loops.state(), dc, 1e-4);
    }
    for (WeightSpan span : plan.weights(weights.address())) {
      long to = sources.get(span.tensor()).address() + span.from();
      stream.copyOnDevice(gradients.address() + span.to(), to, span.bytes());
    }
    int at = wanted.length - loops.weights();
    for (DeviceMemory tensor : sources) {
      check(wanted, at, tensor, 1e-4);
      at += (int) (tensor.bytes() / Float.BYTES);
    }
  }

  @Test
  void gatesThatLieEndToEndAreOnePiece() {
    CudaDouble.requireDouble();
    RecurrentShape shape = new RecurrentShape(RecurrentShape.Cell.LSTM, 2, 3, 2, 4, 3);
    RecurrentPlan plan = recurrence.plan(shape).orElseThrow();
    List<WeightSpan> spans = plan.weights(memory(plan.weightBytes()).address());
    // In the double as in cuDNN: four tensors a layer.
    assertEquals(8, spans.size());
    assertEquals(new WeightSpan(0, 0, 0, 4L * 4 * 3 * 4), spans.get(0));
    long bytes = spans.stream().mapToLong(WeightSpan::bytes).sum();
    assertTrue(bytes < plan.weightBytes(), "gaps are left out");
    long calls = CudaDouble.calls();
    assertSame(spans, plan.weights(0));
    assertEquals(calls, CudaDouble.calls());
  }

  @Test
  void cudnnIsAskedOnceAShapeAndNotForMany() {
    CudaDouble.requireDouble();
    RecurrentShape shape = new RecurrentShape(RecurrentShape.Cell.GRU, 1, 1, 1, 1, 1);
    assertFalse(recurrence.isPlanned(shape));
    RecurrentPlan plan = recurrence.plan(shape).orElseThrow();
    assertSame(plan, recurrence.plan(shape).orElseThrow());
    assertTrue(recurrence.isPlanned(shape));
    for (int steps = 2; steps <= CudnnRecurrence.CAPACITY + 1; steps++) {
      recurrence.plan(new RecurrentShape(RecurrentShape.Cell.GRU, 1, steps, 1, 1, 1));
    }
    assertFalse(recurrence.isPlanned(shape));
    assertEquals(1, CudaDouble.calls("cudnnDestroyRNNDescriptor"));
    assertEquals(1, CudaDouble.calls("cudnnCreateDropoutDescriptor"));
  }

  @Test
  void aPlanThatCameToNothingIsForgotten() {
    CudaDouble.requireDouble();
    RecurrentShape shape = new RecurrentShape(RecurrentShape.Cell.GRU, 1, 1, 1, 1, 1);
    recurrence.plan(shape).orElseThrow();
    recurrence.giveUp(shape);
    recurrence.giveUp(shape);
    assertFalse(recurrence.plan(shape).isPresent());
    assertEquals(1, CudaDouble.calls("cudnnDestroyRNNDescriptor"));
  }

  @Test
  void layersThatCudnnDoesNotSupportHaveNoPlan() {
    CudaDouble.requireDouble();
    expectViolation("65535");
    RecurrentShape shape = new RecurrentShape(RecurrentShape.Cell.GRU, 1, 65536, 1, 1, 1);
    assertFalse(recurrence.plan(shape).isPresent());
    assertTrue(recurrence.isPlanned(shape));
  }

  @Test
  void whatIsWrongIsNamed() {
    CudaDouble.requireDouble();
    expectViolation("cudnn");
    RecurrentShape shape = new RecurrentShape(RecurrentShape.Cell.LSTM, 1, 1, 1, 1, 1);
    RecurrentPlan plan = recurrence.plan(shape).orElseThrow();
    CudaException e =
        assertThrows(CudaException.class, () -> plan.forward(1, 2, 3, 4, 5, 6, 7, 8, 9));
    assertEquals("cudnnRNNForward", e.call());
    assertTrue(e.arguments().contains("cell=LSTM"), e.arguments());
    assertTrue(e.arguments().endsWith("reserveSpace=0x9"), e.arguments());
    e =
        assertThrows(
            CudaException.class, () -> plan.backwardData(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
    assertEquals("cudnnRNNBackwardData_v8", e.call());
    e = assertThrows(CudaException.class, () -> plan.backwardWeights(1, 2, 3, 4, 5, 6));
    assertEquals("cudnnRNNBackwardWeights_v8", e.call());
    RecurrentShape nothing = new RecurrentShape(RecurrentShape.Cell.LSTM, 1, 1, 1, 0, 1);
    e = assertThrows(CudaException.class, () -> recurrence.plan(nothing));
    assertEquals("cudnnSetRNNDescriptor_v8", e.call());
    recurrence.close();
    assertThrows(IllegalStateException.class, () -> recurrence.plan(shape));
  }
}

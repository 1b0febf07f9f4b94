package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.conformance.Bench.Pair;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Recurrent layers, forward and backward. */
interface RecurrenceConformance extends LayerSuite {

  double TOLERANCE = 1e-5;
  double GRADIENT_TOLERANCE = 1e-4;

  /** Steps, batch, inputs, hidden units. */
  int[][] SIZES = {
    {1, 1, 1, 1}, {3, 2, 5, 7}, {5, 3, 17, 16}, {2, 17, 1, 33}, {7, 1, 4, 5}, {4, 8, 16, 32}
  };

  @ParameterizedTest
  @EnumSource
  default void recurrentLayersAndTheirDerivatives(Recurrence.Cell cell) {
    for (int[] size : SIZES) {
      for (int layers = 1; layers <= 3; layers++) {
        checkRecurrence(new Recurrence(cell, layers, size[0], size[1], size[2], size[3]), false);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  default void recurrentLayersInsideLargerStorage(Recurrence.Cell cell) {
    checkRecurrence(new Recurrence(cell, 2, 3, 2, 4, 5), true);
  }

  private void checkRecurrence(Recurrence form, boolean shifted) {
    List<Pair> inputs = new ArrayList<>();
    List<Pair> gradients = new ArrayList<>();
    for (int[] shape : inputShapes(form)) {
      // Weights as they are initialised, so that gates are not saturated.
      double deviation = shape.length == 3 ? 1 : 1 / Math.sqrt(form.hidden());
      inputs.add(placed(bench().scaled(deviation, shape), shifted));
      gradients.add(placed(bench().out(shape), shifted));
    }
    List<Pair> results = new ArrayList<>();
    List<Pair> cotangents = new ArrayList<>();
    for (int[] shape : outputShapes(form)) {
      results.add(placed(bench().out(shape), shifted));
      cotangents.add(placed(bench().normal(shape), shifted));
    }
    Pair reserve = reserve(form);
    List<Pair> outputs = new ArrayList<>(results);
    outputs.add(reserve);
    checkSplit("recurrent, " + form, TOLERANCE, inputs, outputs, results, false, form);
    List<Pair> read = new ArrayList<>(cotangents);
    read.addAll(inputs);
    read.add(results.get(0));
    read.add(reserve);
    checkSplit(
        "recurrentGrad, " + form, GRADIENT_TOLERANCE, read, gradients, gradients, true, form);
  }

  private void checkSplit(
      String what,
      double tolerance,
      List<Pair> in,
      List<Pair> out,
      List<Pair> results,
      boolean backward,
      Recurrence form) {
    List<Pair> operands = new ArrayList<>(in);
    operands.addAll(out);
    bench()
        .checkLayer(
            what,
            tolerance,
            operands,
            (b, v) -> {
              View[] reads = java.util.Arrays.copyOf(v, in.size());
              View[] writes = java.util.Arrays.copyOfRange(v, in.size(), v.length);
              if (backward) {
                b.recurrentGrad(form, reads, writes);
              } else {
                b.recurrent(form, reads, writes);
              }
            },
            results.toArray(Pair[]::new));
  }

  private Pair placed(Pair dense, boolean shifted) {
    return shifted ? bench().shifted(dense) : dense;
  }

  /** What a backend keeps is its own business; the oracle's has another size. */
  private Pair reserve(Recurrence form) {
    int size = bench().subject.recurrentReserve(form);
    assertTrue(size >= 1, size + " elements reserved");
    Pair subject = bench().out(size);
    Pair oracle = bench().out(bench().oracle.recurrentReserve(form));
    return new Pair(subject.subject(), oracle.oracle());
  }

  private static List<int[]> inputShapes(Recurrence form) {
    List<int[]> shapes = new ArrayList<>();
    shapes.add(new int[] {form.steps(), form.batch(), form.inputs()});
    int states = form.cell().hasCellState() ? 2 : 1;
    for (int s = 0; s < states; s++) {
      shapes.add(new int[] {form.layers(), form.batch(), form.hidden()});
    }
    int rows = form.cell().gates() * form.hidden();
    for (int layer = 0; layer < form.layers(); layer++) {
      shapes.add(new int[] {rows, form.inputsOf(layer)});
      shapes.add(new int[] {rows, form.hidden()});
      shapes.add(new int[] {rows});
      shapes.add(new int[] {rows});
    }
    return shapes;
  }

  private static List<int[]> outputShapes(Recurrence form) {
    List<int[]> shapes = new ArrayList<>();
    shapes.add(new int[] {form.steps(), form.batch(), form.hidden()});
    shapes.add(new int[] {form.layers(), form.batch(), form.hidden()});
    if (form.cell().hasCellState()) {
      shapes.add(new int[] {form.layers(), form.batch(), form.hidden()});
    }
    return shapes;
  }
}

package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Recurrence;
import java.util.List;
import java.util.Locale;

/** Reads the form of recurrent layers off their inputs' shapes, and checks that these fit. */
final class RecurrentShapes {

  private static final int TENSORS_A_LAYER = 4;

  private RecurrentShapes() {}

  static String name(Recurrence.Cell cell) {
    return cell.name().toLowerCase(Locale.ROOT);
  }

  /** Of layers over x, with h₀, (c₀,) and weights behind it. */
  static Recurrence form(Recurrence.Cell cell, List<Tensor> inputs) {
    String op = name(cell);
    List<Tensor> others = inputs.subList(1, inputs.size());
    int layers = layers(cell, others);
    Tensor x = sequence(op, "x [steps, batch, inputs]", inputs.get(0));
    Tensor h0 = h0(op, others);
    return checked(
        new Recurrence(cell, layers, x.dims()[0], x.dims()[1], x.dims()[2], h0.dims()[2]), others);
  }

  /** Of layers over rows of a table, with h₀, (c₀,) and weights as the others. */
  static Recurrence form(Recurrence.Cell cell, Tensor table, Tensor index, List<Tensor> others) {
    String op = name(cell);
    int layers = layers(cell, others);
    EmbeddingOps.check(table, index);
    Tensor h0 = h0(op, others);
    int batch = h0.dims()[1];
    if (batch == 0 || index.size() % batch != 0) {
      throw new IllegalArgumentException(
          op
              + ": "
              + index.size()
              + " rows are no whole number of steps for a batch of "
              + batch
              + ", as h0 "
              + Shapes.text(h0.dims())
              + " has it");
    }
    return checked(
        new Recurrence(cell, layers, index.size() / batch, batch, table.dims()[1], h0.dims()[2]),
        others);
  }

  private static int layers(Recurrence.Cell cell, List<Tensor> others) {
    int weights = others.size() - states(cell);
    if (weights == 0 || weights % TENSORS_A_LAYER != 0) {
      throw new IllegalArgumentException(
          name(cell) + ": " + weights + " weights; Wih, Whh, bih and bhh of each layer are needed");
    }
    return weights / TENSORS_A_LAYER;
  }

  private static int states(Recurrence.Cell cell) {
    return cell.hasCellState() ? 2 : 1;
  }

  private static Tensor h0(String op, List<Tensor> others) {
    return sequence(op, "h0 [layers, batch, hidden]", others.get(0));
  }

  private static Recurrence checked(Recurrence form, List<Tensor> others) {
    Recurrence.Cell cell = form.cell();
    String op = name(cell);
    LayerShapes.exactly(op, "h0", others.get(0), form.layers(), form.batch(), form.hidden());
    if (cell.hasCellState()) {
      LayerShapes.exactly(op, "c0", others.get(1), form.layers(), form.batch(), form.hidden());
    }
    int rows = cell.gates() * form.hidden();
    for (int layer = 0; layer < form.layers(); layer++) {
      int at = states(cell) + TENSORS_A_LAYER * layer;
      String of = " of layer " + layer;
      LayerShapes.exactly(op, "Wih" + of, others.get(at), rows, form.inputsOf(layer));
      LayerShapes.exactly(op, "Whh" + of, others.get(at + 1), rows, form.hidden());
      LayerShapes.exactly(op, "bih" + of, others.get(at + 2), rows);
      LayerShapes.exactly(op, "bhh" + of, others.get(at + 3), rows);
    }
    return form;
  }

  private static Tensor sequence(String op, String what, Tensor x) {
    if (x.requireFloating(op).rank() != 3) {
      throw new IllegalArgumentException(
          op + ": shape " + Shapes.text(x.dims()) + "; " + what + " is needed");
    }
    return x;
  }
}

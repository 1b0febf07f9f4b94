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

  static Recurrence form(Recurrence.Cell cell, List<Tensor> inputs) {
    String op = name(cell);
    int first = cell.hasCellState() ? 3 : 2;
    int weights = inputs.size() - first;
    if (weights == 0 || weights % TENSORS_A_LAYER != 0) {
      throw new IllegalArgumentException(
          op + ": " + weights + " weights; Wih, Whh, bih and bhh of each layer are needed");
    }
    Tensor x = sequence(op, "x [steps, batch, inputs]", inputs.get(0));
    Tensor h0 = sequence(op, "h0 [layers, batch, hidden]", inputs.get(1));
    Recurrence form =
        new Recurrence(
            cell,
            weights / TENSORS_A_LAYER,
            x.shape()[0],
            x.shape()[1],
            x.shape()[2],
            h0.shape()[2]);
    LayerShapes.exactly(op, "h0", h0, form.layers(), form.batch(), form.hidden());
    if (cell.hasCellState()) {
      LayerShapes.exactly(op, "c0", inputs.get(2), form.layers(), form.batch(), form.hidden());
    }
    int rows = cell.gates() * form.hidden();
    for (int layer = 0; layer < form.layers(); layer++) {
      int at = first + TENSORS_A_LAYER * layer;
      String of = " of layer " + layer;
      LayerShapes.exactly(op, "Wih" + of, inputs.get(at), rows, form.inputsOf(layer));
      LayerShapes.exactly(op, "Whh" + of, inputs.get(at + 1), rows, form.hidden());
      LayerShapes.exactly(op, "bih" + of, inputs.get(at + 2), rows);
      LayerShapes.exactly(op, "bhh" + of, inputs.get(at + 3), rows);
    }
    return form;
  }

  private static Tensor sequence(String op, String what, Tensor x) {
    if (x.requireFloating(op).rank() != 3) {
      throw new IllegalArgumentException(
          op + ": shape " + Shapes.text(x.shape()) + "; " + what + " is needed");
    }
    return x;
  }
}

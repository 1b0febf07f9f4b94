package io.hypertape.benchmarks.peers;

import io.hypertape.benchmarks.ConvolutionLayer;
import io.hypertape.benchmarks.GemmShape;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer's work that is compared: a pass of a convolution of ResNet-20 on batches of 128 images,
 * or of the two LSTM layers of the character model, or the product that tells what is possible.
 *
 * @param kind {@code product}, {@code convolution} or {@code lstm}
 * @param pass what is computed, empty if there is one thing only
 * @param form sizes
 * @param flops floating-point operations of the products, those with padding's zeros included
 */
record LayerCase(String kind, String pass, String form, double flops) {

  static final String PRODUCT = "product";
  static final String CONVOLUTION = "convolution";
  static final String LSTM = "lstm";

  /** Both passes of recurrent layers. */
  static final String BOTH = "forward+backward";

  /** Layers, symbols of a text, texts, units. */
  static final int LAYERS = 2;

  static final int STEPS = 50;
  static final int TEXTS = 50;
  static final int UNITS = 128;

  private static final String POSSIBLE = "512x512x512";

  private static final List<String> CONVOLUTIONS =
      List.of(
          "3>16@32,3/1",
          "16>16@32,3/1",
          "16>32@32,3/2",
          "32>32@16,3/1",
          "32>64@16,3/2",
          "64>64@8,3/1");

  /** All there are. */
  static final List<LayerCase> LISTED = all();

  private static List<LayerCase> all() {
    List<LayerCase> cases = new ArrayList<>();
    cases.add(new LayerCase(PRODUCT, "", POSSIBLE, GemmShape.parse(POSSIBLE).flops()));
    for (String form : CONVOLUTIONS) {
      double flops = ConvolutionLayer.parse(form).flops();
      for (String pass : List.of("forward", "data", "filter")) {
        cases.add(new LayerCase(CONVOLUTION, pass, form, flops));
      }
    }
    // Two products a layer, of the input and of the state, [steps · texts, units] by 4 · units.
    double product = 2.0 * STEPS * TEXTS * UNITS * 4 * UNITS;
    String form = LAYERS + "x" + UNITS + "@" + TEXTS + "x" + STEPS;
    cases.add(new LayerCase(LSTM, "forward", form, LAYERS * 2 * product));
    // Of each product there are two gradients.
    cases.add(new LayerCase(LSTM, BOTH, form, 3 * LAYERS * 2 * product));
    return List.copyOf(cases);
  }

  /** How tables call it, and what processes are asked for. */
  String label() {
    return kind + (pass.isEmpty() ? "" : " " + pass) + " " + form;
  }

  /** What a filter is looked for in. */
  String name() {
    return "layer " + label();
  }
}

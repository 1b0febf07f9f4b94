package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.data.Augmentation;
import io.hypertape.data.DataSplit;
import io.hypertape.data.Normalization;
import io.hypertape.data.Preparation;
import io.hypertape.models.Activation;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Multi-layer perceptrons, on pixels in [0, 1] as in the paper.
 *
 * @param hidden sizes of the hidden layers
 * @param activations one for all layers, or one for each
 * @param augmentation how training images are varied
 */
record MlpFamily(List<Integer> hidden, List<Activation> activations, Augmentation augmentation)
    implements ModelFamily {

  static MlpFamily of(String hidden, String activation, Augmentation augmentation) {
    List<Integer> sizes = new ArrayList<>();
    try {
      if (!hidden.equals("none")) {
        for (String size : hidden.split(",", -1)) {
          sizes.add(Integer.parseInt(size.trim()));
        }
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--hidden: '" + hidden + "' is no list of sizes; 128 or 256,128 fit", e);
    }
    for (int size : sizes) {
      if (size < 1) {
        throw new IllegalArgumentException(
            "--hidden: a layer of " + size + " units; each must have at least 1");
      }
    }
    List<Activation> activations = new ArrayList<>();
    try {
      for (String name : activation.split(",", -1)) {
        activations.add(Activation.of(name.trim()));
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--activation: " + e.getMessage(), e);
    }
    if (activations.size() != 1 && activations.size() != sizes.size() + 1) {
      throw new IllegalArgumentException(
          "--activation: "
              + activations.size()
              + " for "
              + (sizes.size() + 1)
              + " layers, the last one included; one for all or one for each is needed");
    }
    return new MlpFamily(sizes, activations, augmentation);
  }

  MlpSpec form(int inputs, int classes) {
    List<Integer> sizes = new ArrayList<>(List.of(inputs));
    sizes.addAll(hidden);
    sizes.add(classes);
    return new MlpSpec(
        sizes,
        activations.size() == 1
            ? Collections.nCopies(sizes.size() - 1, activations.getFirst())
            : activations);
  }

  MlpSpec form(DataSplit data) {
    return form(data.train().features(), data.train().classes());
  }

  @Override
  public Defaults defaults() {
    return new Defaults("auto(adam)", 5, 256);
  }

  @Override
  public PreparedModel prepare(Session session, DataOptions options, long seed, PrintStream err)
      throws IOException {
    DataSplit data = options.images(err);
    MlpSpec form = form(data);
    Mlp model = Mlp.create(session, form, seed);
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("sizes", form.sizes());
    config.put("activations", form.activations().stream().map(Activation::toString).toList());
    Normalization none = Normalization.none(data.train().channels());
    return new PreparedClassifier(
        session, model, data, new Preparation(none, augmentation), form.sizes().toString(), config);
  }
}

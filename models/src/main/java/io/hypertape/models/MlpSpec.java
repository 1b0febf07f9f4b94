package io.hypertape.models;

import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The form of a multi-layer perceptron.
 *
 * @param sizes features of the input, of every hidden layer, and the number of classes
 * @param activations one for each layer, the last one included
 */
public record MlpSpec(List<Integer> sizes, List<Activation> activations) {

  /** Checks that they fit together. */
  public MlpSpec {
    sizes = Nulls.copy(sizes, "MLP: sizes");
    activations = Nulls.copy(activations, "MLP: activations");
    if (sizes.size() < 2 || sizes.stream().anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException(
          "sizes " + sizes + " make no MLP; two or more positive numbers are needed");
    }
    if (activations.size() != sizes.size() - 1) {
      throw new IllegalArgumentException(
          "an MLP of sizes "
              + sizes
              + " has "
              + (sizes.size() - 1)
              + " layers and needs as many "
              + "activations, not "
              + activations.size());
    }
  }

  /**
   * With tanh after every layer, the last one included, as the paper has it.
   *
   * @param sizes features of the input, of every hidden layer, and the number of classes
   * @return the form
   */
  public static MlpSpec tanh(int... sizes) {
    Nulls.check(sizes, "MLP: sizes");
    List<Integer> list = new ArrayList<>();
    for (int size : sizes) {
      list.add(size);
    }
    return new MlpSpec(list, Collections.nCopies(Math.max(sizes.length - 1, 0), Activation.TANH));
  }

  /**
   * With relu after every layer but the last one, after which nothing comes.
   *
   * @param sizes features of the input, of every hidden layer, and the number of outputs
   * @return the form
   */
  public static MlpSpec relu(int... sizes) {
    MlpSpec all = tanh(sizes).with(Activation.RELU);
    List<Activation> activations = new ArrayList<>(all.activations);
    activations.set(activations.size() - 1, Activation.NONE);
    return new MlpSpec(all.sizes, activations);
  }

  /**
   * The same form with one activation after every layer.
   *
   * @param activation the activation
   * @return the changed form
   */
  public MlpSpec with(Activation activation) {
    Nulls.check(activation, "MLP: activation");
    return new MlpSpec(sizes, Collections.nCopies(activations.size(), activation));
  }

  /** What a file says of the form beside the weights, which tell the sizes. */
  Map<String, String> form() {
    return Map.of(
        "activations",
        activations.stream().map(Activation::toString).collect(Collectors.joining(",")));
  }
}

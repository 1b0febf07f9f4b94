package io.hypertape.run;

import io.hypertape.autodiff.Session;
import io.hypertape.io.FloatArray;
import io.hypertape.io.Safetensors;
import io.hypertape.models.Activation;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Cnn;
import io.hypertape.models.CnnSpec;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Model;
import io.hypertape.models.ParameterFactory;
import io.hypertape.models.ResNet;
import io.hypertape.models.ResNetSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Tells from names, shapes and metadata which model a file has. */
final class StoredForm {

  /** PyTorch's batch norm counts batches, which nothing needs at a constant momentum. */
  private static final String COUNTER = ".num_batches_tracked";

  private final Map<String, FloatArray> tensors;
  private final Map<String, String> metadata;

  private StoredForm(Safetensors stored) {
    this.tensors = stored.tensors();
    this.metadata = stored.metadata();
  }

  static StoredForm of(Safetensors stored) {
    return new StoredForm(stored);
  }

  /** The model, as large as the file's own tensors and no larger. */
  Model build(Session session) {
    Set<String> used = new HashSet<>();
    Model model =
        build(
            ParameterFactory.given(
                session,
                (name, shape) -> {
                  used.add(name);
                  return session.tensor(values(name, shape), shape);
                }));
    checkNothingLeft(model, used);
    return model;
  }

  void checkNothingLeft(Model model, Set<String> used) {
    Set<String> left = new TreeSet<>(tensors.keySet());
    left.removeAll(used);
    left.removeIf(name -> name.endsWith(COUNTER));
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "a model of the family " + model.family() + " has no tensors " + left);
    }
  }

  float[] values(String name, int... shape) {
    int[] stored = tensor(name).shape();
    if (!Arrays.equals(stored, shape)) {
      throw new IllegalArgumentException(
          "tensor "
              + name
              + " has shape "
              + Arrays.toString(stored)
              + "; the model needs "
              + Arrays.toString(shape));
    }
    return tensor(name).data();
  }

  private Model build(ParameterFactory factory) {
    String named = metadata.get(Checkpoint.MODEL);
    String family = named == null ? guess() : named;
    if (family.startsWith("resnet")) {
      return ResNet.of(factory, resNet(family));
    }
    return switch (family) {
      case "mlp" -> Mlp.of(factory, mlp());
      case "cnn" -> Cnn.of(factory, cnn());
      case "char-lstm" -> CharLstm.of(factory, charLstm());
      default ->
          throw new IllegalArgumentException(
              "its metadata name the model '"
                  + family
                  + "'; known are mlp, cnn, resnet20 (or another depth) and char-lstm");
    };
  }

  private String guess() {
    if (tensors.containsKey("layer1.weight")) {
      return "mlp";
    }
    if (tensors.containsKey("layer1.0.conv1.weight")) {
      return "resnet" + (6 * count("layer1.%d.conv1.weight", 0) + 2);
    }
    if (tensors.containsKey("conv2.weight")) {
      return "cnn";
    }
    if (tensors.containsKey("rnn.weight_ih_l0")) {
      return "char-lstm";
    }
    throw new IllegalArgumentException(
        "no tensor layer1.weight (mlp), layer1.0.conv1.weight (resnet), conv2.weight (cnn) or "
            + "rnn.weight_ih_l0 (char-lstm) tells which model it has; there are "
            + tensors.keySet());
  }

  /** How many tensors there are whose names differ in a running number. */
  private int count(String name, int first) {
    int k = first;
    while (tensors.containsKey(String.format(name, k))) {
      k++;
    }
    return k - first;
  }

  private FloatArray tensor(String name) {
    FloatArray tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "tensor " + name + " is missing; there are " + tensors.keySet());
    }
    return tensor;
  }

  private int[] shape(String name, int rank) {
    FloatArray tensor = tensor(name);
    if (tensor.shape().length != rank) {
      throw new IllegalArgumentException(
          "tensor "
              + name
              + " has shape "
              + Arrays.toString(tensor.shape())
              + "; "
              + rank
              + " axes are needed");
    }
    return tensor.shape();
  }

  private static int number(String key, String text) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "its metadata have " + key + " '" + text + "', which is no number");
    }
  }

  private MlpSpec mlp() {
    int layers = count("layer%d.weight", 1);
    List<Integer> sizes = new ArrayList<>();
    sizes.add(shape("layer1.weight", 2)[1]);
    for (int k = 1; k <= layers; k++) {
      sizes.add(shape("layer" + k + ".weight", 2)[0]);
    }
    String names = metadata.get("activations");
    List<Activation> activations =
        names == null
            ? Collections.nCopies(layers, Activation.TANH)
            : Arrays.stream(names.split(",")).map(Activation::of).toList();
    return new MlpSpec(sizes, activations);
  }

  private ResNetSpec resNet(String family) {
    int depth = number(Checkpoint.MODEL, family.substring("resnet".length()));
    return new ResNetSpec(depth, shape("conv1.weight", 4)[1], shape("linear.weight", 2)[0]);
  }

  private CnnSpec cnn() {
    int channels = shape("conv1.weight", 4)[1];
    int[] linear = shape("linear.weight", 2);
    String image = metadata.get("image");
    if (image == null) {
      // Two poolings leave a quarter of a side.
      int filters = Math.max(shape("conv2.weight", 4)[0], 1);
      int side = 4 * (int) Math.round(Math.sqrt((double) linear[1] / filters));
      return new CnnSpec(channels, side, side, linear[0]);
    }
    String[] sides = image.split(",");
    if (sides.length != 2) {
      throw new IllegalArgumentException(
          "its metadata have image '" + image + "'; height,width is needed");
    }
    return new CnnSpec(channels, number("image", sides[0]), number("image", sides[1]), linear[0]);
  }

  private CharLstmSpec charLstm() {
    int[] table = shape("encoder.weight", 2);
    String text = metadata.getOrDefault("dropout", "0");
    double dropout;
    try {
      dropout = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "its metadata have dropout '" + text + "', which is no number");
    }
    return new CharLstmSpec(
        table[0],
        table[1],
        shape("rnn.weight_hh_l0", 2)[1],
        Math.max(count("rnn.weight_ih_l%d", 0), 1),
        dropout);
  }
}

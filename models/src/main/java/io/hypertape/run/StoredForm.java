package io.hypertape.run;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.io.DoubleArray;
import io.hypertape.io.FloatArray;
import io.hypertape.io.SafetensorsFile;
import io.hypertape.io.StoredTensor;
import io.hypertape.models.Activation;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Cnn;
import io.hypertape.models.CnnSpec;
import io.hypertape.models.FeedForward;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Model;
import io.hypertape.models.ParameterFactory;
import io.hypertape.models.ResNet;
import io.hypertape.models.ResNetSpec;
import io.hypertape.tensor.DType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Tells from names, shapes and metadata which model a file has. */
final class StoredForm {

  /** PyTorch's batch norm counts batches, which nothing needs at a constant momentum. */
  private static final String COUNTER = "num_batches_tracked";

  private final SafetensorsFile file;
  private final StoredNames names;
  private final Map<String, StoredTensor> tensors;
  private final Map<String, String> metadata;
  private final StoredNotes notes = new StoredNotes();

  private StoredForm(SafetensorsFile file, Set<String> own) {
    this.file = file;
    this.names = StoredNames.of(file.tensors().keySet(), own);
    this.tensors = names.renamed(file.tensors());
    this.metadata = file.metadata();
  }

  /** A file that shall tell which model it has. */
  static StoredForm of(SafetensorsFile file) {
    return new StoredForm(file, Set.of());
  }

  /** A file for a model whose tensors have these names. */
  static StoredForm of(SafetensorsFile file, Set<String> own) {
    return new StoredForm(file, own);
  }

  /** What a user may want to know of what became of the file's names and numbers. */
  List<String> notes() {
    return notes.text(names);
  }

  /** The model, as large as the file's own tensors and no larger. */
  Model build(Session session) throws IOException {
    Set<String> used = new HashSet<>();
    try {
      Model model =
          build(
              ParameterFactory.given(
                  session,
                  (name, shape) -> {
                    used.add(name);
                    return tensor(session, name, shape);
                  }));
      checkNothingLeft(model, used);
      return model;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  void checkNothingLeft(Model model, Set<String> used) {
    Set<String> left = new TreeSet<>(tensors.keySet());
    left.removeAll(used);
    left.removeIf(name -> name.equals(COUNTER) || name.endsWith("." + COUNTER));
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "a model of the family " + model.family() + " has no tensors " + left);
    }
  }

  /** A tensor in the current scope, of numbers as the session computes with them. */
  private Tensor tensor(Session session, String name, int... shape) {
    checkShape(name, shape);
    try {
      return session.dtype() == DType.F64
          ? session.tensor(doubles(name).data(), shape)
          : session.tensor(floats(name).data(), shape);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Numbers that are to be set later, when all have been found to fit. */
  Values values(Session session, String name, int... shape) throws IOException {
    checkShape(name, shape);
    return session.dtype() == DType.F64
        ? new Values(new float[0], doubles(name).data())
        : new Values(floats(name).data(), new double[0]);
  }

  /** In the precision of the session; the other array is empty. */
  record Values(float[] floats, double[] doubles) {

    void set(Session session, Parameter parameter) {
      if (session.dtype() == DType.F64) {
        parameter.set(doubles);
      } else {
        parameter.set(floats);
      }
    }

    void set(Session session, Buffer buffer) {
      if (session.dtype() == DType.F64) {
        buffer.set(doubles);
      } else {
        buffer.set(floats);
      }
    }
  }

  private FloatArray floats(String name) throws IOException {
    SafetensorsFile.Narrowed read = file.narrow(names.inFile(name));
    notes.add(tensors.get(name).type(), name, read.rounded());
    return read.array();
  }

  private DoubleArray doubles(String name) throws IOException {
    notes.add(tensors.get(name).type(), name, 0);
    return file.doubles(names.inFile(name));
  }

  private void checkShape(String name, int... shape) {
    List<Long> stored = tensor(name).shape();
    if (!stored.equals(Arrays.stream(shape).mapToObj(length -> (long) length).toList())) {
      throw new IllegalArgumentException(
          "tensor "
              + name
              + " has shape "
              + stored
              + "; the model needs "
              + Arrays.toString(shape));
    }
  }

  private Model build(ParameterFactory factory) {
    String named = metadata.get(Checkpoint.MODEL);
    String family = named == null ? guess() : named;
    if (family.startsWith("resnet")) {
      return ResNet.of(factory, resNet(family));
    }
    return switch (family) {
      case "mlp" -> Mlp.of(factory, mlp());
      case "feed-forward" -> FeedForward.of(factory, mlp());
      case "cnn" -> Cnn.of(factory, cnn());
      case "char-lstm" -> CharLstm.of(factory, charLstm());
      default ->
          throw new IllegalArgumentException(
              "its metadata name the model '"
                  + family
                  + "'; known are mlp, feed-forward, cnn, resnet20 (or another depth) and char-lstm");
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
            + names.shown()
            + names.hint(""));
  }

  /** How many tensors there are whose names differ in a running number. */
  private int count(String name, int first) {
    int k = first;
    while (tensors.containsKey(String.format(Locale.ROOT, name, k))) {
      k++;
    }
    return k - first;
  }

  private StoredTensor tensor(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "tensor " + name + " is missing; there are " + names.shown() + names.hint(name));
    }
    return tensor;
  }

  private int[] shape(String name, int rank) {
    StoredTensor tensor = tensor(name);
    if (tensor.shape().size() != rank) {
      throw new IllegalArgumentException(
          "tensor " + name + " has shape " + tensor.shape() + "; " + rank + " axes are needed");
    }
    for (long length : tensor.shape()) {
      if (length < 0 || length > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "tensor " + name + " of " + tensor + " has a longer axis than tensors can have");
      }
    }
    return tensor.shape().stream().mapToInt(Math::toIntExact).toArray();
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

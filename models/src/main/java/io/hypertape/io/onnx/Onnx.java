package io.hypertape.io.onnx;

import io.hypertape.autodiff.Session;
import io.hypertape.checks.Nulls;
import io.hypertape.io.guard.AtomicFile;
import io.hypertape.io.proto.ProtoWriter;
import io.hypertape.models.CharLstm;
import io.hypertape.models.Classifier;
import io.hypertape.models.Layer;
import io.hypertape.models.Model;
import io.hypertape.run.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Networks as ONNX files, of opset {@value OnnxGraph#OPSET}, in single precision.
 *
 * <p>What is written is the network in use: running statistics for batch norm, nothing dropped. The
 * first axis of what it takes, that of the examples, has any length. Parameters and buffers keep
 * their names, and metadata say what those of a {@link Checkpoint} do.
 */
public final class Onnx {

  /** Of the format; runtimes of 2022 and later read it. */
  private static final int IR_VERSION = 8;

  /** What messages of Protocol Buffers may have, in bytes. */
  private static final long MOST = Integer.MAX_VALUE;

  private Onnx() {}

  /**
   * Writes a layer, such as a network made with {@link io.hypertape.models.Sequential}: from a
   * value {@code input} to a value {@code output}, or {@code log_probabilities} of a {@link
   * Classifier}.
   *
   * @param file where to
   * @param layer of this library's layers and {@link OnnxLayer}s
   * @param example lengths of the input's axes after the first, 0 where any does; of a classifier
   *     that takes the form of its own ({@link Classifier#inputShape}) they may be left out
   * @throws IllegalArgumentException if there is another layer in it, or if it does not take such
   *     an input
   * @throws IllegalStateException if one of its numbers is NaN or infinite in single precision
   * @throws IOException if the file cannot be written; what was there before is kept
   */
  public static void write(Path file, Layer layer, int... example) throws IOException {
    write(file, layer, Map.of(), example);
  }

  /**
   * Writes a layer with more texts for the metadata, such as {@link Checkpoint#notes(List)} gives.
   *
   * @param file where to
   * @param layer of this library's layers and {@link OnnxLayer}s
   * @param notes more texts for the metadata
   * @param example lengths of the input's axes after the first, 0 where any does; of a classifier
   *     they may be left out
   * @throws IllegalArgumentException if there is another layer in it, or if it does not take such
   *     an input
   * @throws IllegalStateException if one of its numbers is NaN or infinite in single precision
   * @throws IOException if the file cannot be written; what was there before is kept
   */
  public static void write(Path file, Layer layer, Map<String, String> notes, int... example)
      throws IOException {
    Nulls.check(file, "onnx: file");
    Nulls.check(layer, "onnx: layer");
    Nulls.check(example, "onnx: example");
    Map<String, String> metadata = new HashMap<>(Nulls.copy(notes, "onnx: notes"));
    if (layer instanceof Model model) {
      describe(model, metadata);
    }
    int[] lengths = example;
    if (lengths.length == 0 && layer instanceof Classifier classifier) {
      lengths =
          Nulls.checkAll(classifier.inputShape(), "layer.inputShape()").stream()
              .mapToInt(Integer::intValue)
              .toArray();
    }
    write(file, new NetworkExport(layer, lengths).message(), metadata);
  }

  /**
   * Writes a model, a {@link Classifier} or a {@link CharLstm}. The latter goes from {@code
   * symbols} [steps, batch], of 64-bit integers, and the state {@code hidden} and {@code cell},
   * [layers, batch, units] each, to {@code log_probabilities} [steps, batch, symbols], {@code
   * hidden_out} and {@code cell_out}.
   *
   * @param file where to
   * @param model the model
   * @param notes more texts for the metadata
   * @throws IllegalArgumentException if it is another kind of model
   * @throws IllegalStateException if one of its numbers is NaN or infinite in single precision
   * @throws IOException if the file cannot be written; what was there before is kept
   */
  public static void write(Path file, Model model, Map<String, String> notes) throws IOException {
    Nulls.check(file, "onnx: file");
    Nulls.check(model, "onnx: model");
    Map<String, String> metadata = new HashMap<>(Nulls.copy(notes, "onnx: notes"));
    switch (model) {
      case Classifier classifier -> write(file, (Layer) classifier, notes);
      case CharLstm language -> {
        describe(model, metadata);
        write(file, LanguageExport.message(language), metadata);
      }
      default ->
          throw new IllegalArgumentException(
              "ONNX: "
                  + model.family()
                  + " is neither a classifier nor a char-lstm; a model that is a layer is written"
                  + " by write(file, layer, notes, lengths of its input's axes)");
    }
  }

  /**
   * Reads a model whose ops are of version 11 to 28 and among those that are known here, as those
   * of this class are, and those of usual networks that PyTorch's exporter writes.
   *
   * @param session whose tensors its parameters shall be
   * @param file where from; weights that it has in other files are looked for beside it
   * @return the model
   * @throws OnnxException if the file is damaged or of another kind, or has what is not read: the
   *     message names the op, the node and what would fit
   * @throws IOException if it cannot be read
   */
  public static OnnxModel read(Session session, Path file) throws IOException {
    Nulls.check(session, "onnx: session");
    Nulls.check(file, "onnx: file");
    return ModelReader.read(session, file);
  }

  private static void describe(Model model, Map<String, String> metadata) {
    metadata.putAll(Nulls.copy(model.form(), "model.form()"));
    metadata.put(Checkpoint.MODEL, Nulls.check(model.family(), "model.family()"));
  }

  private static void write(Path file, ProtoWriter graph, Map<String, String> metadata)
      throws IOException {
    ProtoWriter model = message(graph, OnnxGraph.OPSET, metadata);
    if (model.size() > MOST) {
      throw new IOException(
          file
              + ": the model takes "
              + model.size()
              + " bytes; an ONNX file of one piece has at most "
              + MOST);
    }
    AtomicFile.write(file, model::writeTo);
  }

  /** A ModelProto. */
  static ProtoWriter message(ProtoWriter graph, int opset, Map<String, String> metadata) {
    ProtoWriter model =
        new ProtoWriter()
            .integer(1, IR_VERSION)
            .text(2, "hypertape")
            .message(7, graph)
            .message(8, new ProtoWriter().text(1, "").integer(2, opset));
    // Sorted, so that equal models leave equal bytes.
    for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
      model.message(14, new ProtoWriter().text(1, entry.getKey()).text(2, entry.getValue()));
    }
    return model;
  }
}

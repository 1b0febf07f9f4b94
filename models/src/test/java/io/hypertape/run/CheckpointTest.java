package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import io.hypertape.data.Vocabulary;
import io.hypertape.io.FloatArray;
import io.hypertape.io.Safetensors;
import io.hypertape.io.SafetensorsException;
import io.hypertape.models.Activation;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Cnn;
import io.hypertape.models.CnnSpec;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.models.Model;
import io.hypertape.models.ResNet;
import io.hypertape.models.ResNetSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

  @TempDir private Path folder;
  private final Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));

  @AfterEach
  void close() {
    session.close();
  }

  @Test
  void theSameModelComesBack() throws IOException {
    MlpSpec form = new MlpSpec(List.of(5, 4, 3), List.of(Activation.RELU, Activation.NONE));
    Mlp model = Mlp.create(session, form, 11);
    Path file = folder.resolve("m");
    Checkpoint.write(file, model, Map.of("note", "x"));
    Checkpoint stored = Checkpoint.read(session, file);
    Mlp read = (Mlp) stored.model();
    assertEquals(form, read.spec());
    for (int k = 0; k < 4; k++) {
      assertEquals(model.parameters().get(k).name(), read.parameters().get(k).name());
      assertArrayEquals(
          model.parameters().get(k).value().toFloats(),
          read.parameters().get(k).value().toFloats());
    }
    assertEquals("x", stored.metadata().get("note"));
    assertEquals("mlp", stored.metadata().get("model"));
  }

  @Test
  void whatAModelOfItsOwnKindLacksIsNamed() {
    Model empty = new Incomplete(null, null, null, null);
    lacks("parameters()", empty);
    lacks("buffers()", new Incomplete("own", Map.of(), List.of(), null));
    lacks("form()", new Incomplete("own", null, List.of(), List.of()));
    lacks("family()", new Incomplete(null, Map.of(), List.of(), List.of()));
  }

  private void lacks(String method, Model model) {
    Path file = folder.resolve("incomplete");
    Exception thrown =
        assertThrows(
            NullPointerException.class, () -> Checkpoint.write(file, model, Map.of("note", "x")));
    assertEquals("checkpoint: model." + method + " is null", thrown.getMessage());
    assertFalse(Files.exists(file));
  }

  /** A model that its author has not written to the end. */
  private record Incomplete(
      @Nullable String family,
      @Nullable Map<String, String> form,
      @Nullable List<Parameter> parameters,
      @Nullable List<Buffer> buffers)
      implements Model {

    @Override
    public void close() {}
  }

  private void refused(String part, Object... namesAndShapes) throws IOException {
    Map<String, FloatArray> tensors = new LinkedHashMap<>();
    for (int i = 0; i < namesAndShapes.length; i += 2) {
      int[] shape = (int[]) namesAndShapes[i + 1];
      int size = 1;
      for (int n : shape) {
        size *= n;
      }
      tensors.put((String) namesAndShapes[i], new FloatArray(shape, new float[size]));
    }
    Path file = folder.resolve("bad");
    new Safetensors(tensors, Map.of()).write(file);
    var e = assertThrows(SafetensorsException.class, () -> Checkpoint.read(session, file));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void otherTensorsMakeNoModel() throws IOException {
    int[] matrix = {3, 2};
    refused("no tensor layer1.weight", "conv.weight", matrix);
    refused("layer1.weight has shape [6]; 2 axes", "layer1.weight", new int[] {6});
    refused("layer1.bias is missing", "layer1.weight", matrix);
    refused(
        "layer1.bias has shape [2]; the model needs [3]",
        "layer1.weight",
        matrix,
        "layer1.bias",
        new int[] {2});
    int[] three = {3};
    refused(
        "has no tensors [extra]", "layer1.weight", matrix, "layer1.bias", three, "extra", three);
    refused(
        "layer2.weight has shape [3, 4]; the model needs [3, 3]",
        "layer1.weight",
        matrix,
        "layer1.bias",
        three,
        "layer2.weight",
        new int[] {3, 4},
        "layer2.bias",
        three);
  }

  /** Shapes without elements cost nothing in a file, and must not cost memory here. */
  @Test
  void emptyTensorsOfHugeShapesAllocateNothing() throws IOException {
    int[] wide = {0, Integer.MAX_VALUE};
    refused("0", "layer1.weight", wide, "layer1.bias", new int[] {0});
    refused(
        "shape",
        "layer1.weight",
        new int[] {1, 1},
        "layer1.bias",
        new int[] {1},
        "layer2.weight",
        new int[] {Integer.MAX_VALUE, 0});
    refused(
        "shape",
        "encoder.weight",
        new int[] {1, 1},
        "rnn.weight_ih_l0",
        new int[] {4, 1},
        "rnn.weight_hh_l0",
        wide);
  }

  private Model rewritten(Model model, Map<String, String> metadata) throws IOException {
    Path file = folder.resolve("rewritten");
    Checkpoint.write(file, model, Map.of());
    new Safetensors(Safetensors.read(file).tensors(), metadata).write(file);
    return Checkpoint.read(session, file).model();
  }

  @Test
  void metadataThatDoNotFitAreRefused() {
    Cnn cnn = Cnn.create(session, new CnnSpec(1, 10, 7, 3), 1);
    for (String image : List.of("10", "10,x", "12,7", "2000000000,2000000000", "-4,7")) {
      assertThrows(
          SafetensorsException.class,
          () -> rewritten(cnn, Map.of("model", "cnn", "image", image)),
          image);
    }
    ResNet resNet = ResNet.create(session, new ResNetSpec(8, 3, 2), 1);
    for (String name :
        List.of("resnet14", "resnet200000000", "resnet9", "resnet", "vgg16", "mlp")) {
      assertThrows(
          SafetensorsException.class, () -> rewritten(resNet, Map.of("model", name)), name);
    }
    CharLstm lstm = CharLstm.create(session, CharLstmSpec.of(3).withLayers(2, 1), 1);
    for (String dropout : List.of("x", "1", "NaN")) {
      assertThrows(
          SafetensorsException.class,
          () -> rewritten(lstm, Map.of("model", "char-lstm", "dropout", dropout)),
          dropout);
    }
  }

  @Test
  void everyFamilyComesBackWithWhatItKeeps() throws IOException {
    CharLstmSpec form = CharLstmSpec.of(3).withLayers(4, 2).withDropout(0.25);
    ResNet resNet = ResNet.create(session, new ResNetSpec(8, 1, 2), 1);
    try (Scope unused = session.scratch()) {
      resNet.forward(session.normal(new int[] {2, 1, 8, 8}, 1, 1), Mode.TRAIN);
    }
    for (Model model :
        List.of(
            resNet,
            Cnn.create(session, new CnnSpec(2, 10, 7, 3), 1),
            CharLstm.create(session, form, 1))) {
      Path file = folder.resolve(model.family());
      Checkpoint.write(file, model, Map.of());
      Model read = Checkpoint.read(session, file).model();
      assertEquals(model.family(), read.family());
      assertEquals(model.form(), read.form());
      for (int k = 0; k < model.parameters().size(); k++) {
        assertArrayEquals(
            model.parameters().get(k).value().toFloats(),
            read.parameters().get(k).value().toFloats());
      }
      for (int k = 0; k < model.buffers().size(); k++) {
        assertArrayEquals(model.buffers().get(k).toFloats(), read.buffers().get(k).toFloats());
      }
    }
    assertEquals(
        form, ((CharLstm) Checkpoint.read(session, folder.resolve("char-lstm")).model()).spec());
  }

  @Test
  void vocabularyAndNormalizationComeBack() throws IOException {
    Mlp model = Mlp.create(session, MlpSpec.tanh(2, 2), 1);
    Vocabulary vocabulary = Vocabulary.of("Ünï\n\"code😀".codePoints());
    Normalization normalization =
        new Normalization(new float[] {0.1f, 1 / 3f}, new float[] {1e-5f, 2});
    Map<String, String> notes = new LinkedHashMap<>(Checkpoint.notes(vocabulary));
    notes.putAll(Checkpoint.notes(normalization));
    Path file = folder.resolve("notes");
    Checkpoint.write(file, model, notes);
    Checkpoint read = Checkpoint.read(session, file);
    assertEquals(vocabulary, read.vocabulary().orElseThrow());
    assertEquals(normalization, read.normalization().orElseThrow());
    Checkpoint.write(file, model, Map.of());
    assertTrue(Checkpoint.read(session, file).vocabulary().isEmpty());
    assertTrue(Checkpoint.read(session, file).normalization().isEmpty());
    Checkpoint.write(file, model, Map.of("vocabulary", "ba", "mean", "0,x", "deviation", "1,1"));
    Checkpoint bad = Checkpoint.read(session, file);
    assertThrows(SafetensorsException.class, bad::vocabulary);
    assertThrows(SafetensorsException.class, bad::normalization);
  }

  @Test
  void namesOfClassesComeBack() throws IOException {
    Mlp model = Mlp.create(session, MlpSpec.tanh(4, 3), 1);
    List<String> names = List.of("Übergröße, \"x\"", "", "a\nb😀");
    Path file = folder.resolve("names");
    Checkpoint.write(file, model, Checkpoint.notes(names));
    Checkpoint read = Checkpoint.read(session, file);
    assertEquals(names, read.classNames().orElseThrow());
    assertEquals(Map.of(), Checkpoint.notes(List.of()));
    LabeledImages given = named(List.of("a\nb😀", "Übergröße, \"x\"", ""));
    assertArrayEquals(new byte[] {2, 0, 1}, read.numbered(given).labels());
    assertSame(given, new Checkpoint(model, Map.of(), List.of()).numbered(given));
    LabeledImages unnamed = named(List.of());
    assertSame(unnamed, read.numbered(unnamed));
    var e =
        assertThrows(
            SafetensorsException.class, () -> read.numbered(named(List.of("b", "", "a\nb😀"))));
    assertTrue(e.getMessage().contains("it does not know b, and the data lack Übergröße"));
    Checkpoint.write(file, model, Map.of("classes", "[\"a\",\"b\"]"));
    Checkpoint bad = Checkpoint.read(session, file);
    e = assertThrows(SafetensorsException.class, bad::classNames);
    assertEquals("metadata classes: 2 names for a model of 3 classes", e.getMessage());
  }

  private static LabeledImages named(List<String> names) {
    return new LabeledImages("set", 1, 2, 2, 3, new byte[12], new byte[] {0, 1, 2}, names);
  }
}

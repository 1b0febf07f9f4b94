package io.hypertape.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.io.FloatArray;
import io.hypertape.io.Safetensors;
import io.hypertape.io.SafetensorsException;
import io.hypertape.models.Activation;
import io.hypertape.models.BatchNorm2d;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Classifier;
import io.hypertape.models.Cnn;
import io.hypertape.models.Conv2d;
import io.hypertape.models.Dense;
import io.hypertape.models.GlobalAveragePool;
import io.hypertape.models.Initializer;
import io.hypertape.models.Mode;
import io.hypertape.models.Model;
import io.hypertape.models.ParameterFactory;
import io.hypertape.models.ResNet;
import io.hypertape.models.Sequential;
import io.hypertape.run.Checkpoint;
import io.hypertape.tensor.Convolution;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that PyTorch wrote, and names and shapes as PyTorch has them. */
class FilesTest {

  @TempDir private Path folder;
  private final Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));
  private Expected expected;

  @BeforeEach
  void read() throws IOException {
    expected = Expected.read("files", 1e-5);
  }

  @AfterEach
  void close() {
    session.close();
  }

  private Path resource(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = FilesTest.class.getResourceAsStream(name)) {
      Files.copy(in, file);
    }
    return file;
  }

  @Test
  void aLanguageModelOfPyTorchsIsRecognizedAndComputesTheSame() throws IOException {
    Checkpoint read = Checkpoint.read(session, resource("char-lstm.safetensors"));
    CharLstm model = (CharLstm) read.model();
    assertEquals(new CharLstmSpec(5, 3, 4, 2, 0), model.spec());
    try (Scope unused = session.scratch()) {
      Tensor index = session.indices(Fill.labels("input0", 6, 5));
      expected.elements("char-lstm", model.forward(index, 3, 2, Mode.EVALUATE));
    }
  }

  /** A model that the library does not know, put together from its layers. */
  private static final class Tiny implements Classifier {

    private final Sequential layers;

    Tiny(ParameterFactory factory, int filters) {
      layers =
          Sequential.of(
              Conv2d.withoutBias(
                  factory, "conv1", 1, filters, 3, Convolution.of(1, 1), Initializer.heNormal()),
              BatchNorm2d.create(factory, "bn1", filters),
              Activation.RELU,
              new GlobalAveragePool(),
              Dense.create(factory, "linear", filters, 3, Activation.NONE));
    }

    @Override
    public Tensor forward(Tensor input, Mode mode) {
      return layers.forward(input, mode).logSoftmax();
    }

    @Override
    public List<Parameter> parameters() {
      return layers.parameters();
    }

    @Override
    public List<Buffer> buffers() {
      return layers.buffers();
    }

    @Override
    public String family() {
      return "tiny";
    }

    @Override
    public Map<String, String> form() {
      return Map.of();
    }

    @Override
    public List<Integer> inputShape() {
      return List.of(1, 0, 0);
    }

    @Override
    public int classes() {
      return 3;
    }
  }

  private Tensor tinyOutput(Tiny model) {
    return model.forward(Fill.data(session, "input", 4, 1, 8, 8), Mode.EVALUATE);
  }

  @Test
  void aModelOfTheCallersIsLoadedWithItsRunningStatistics() throws IOException {
    Path file = resource("tiny.safetensors");
    FloatArray counter = Safetensors.read(file).tensors().get("bn1.num_batches_tracked");
    assertArrayEquals(new float[] {1}, counter.data());
    Tiny model = new Tiny(new ParameterFactory(session, 1), 4);
    Checkpoint.load(session, file, model);
    Path again = folder.resolve("again");
    Checkpoint.write(again, model, Map.of());
    Tiny second = new Tiny(new ParameterFactory(session, 2), 4);
    Checkpoint.load(session, again, second);
    try (Scope unused = session.scratch()) {
      expected.elements("tiny", tinyOutput(model));
      assertArrayEquals(tinyOutput(model).toFloats(), tinyOutput(second).toFloats());
    }
    var unknown = assertThrows(SafetensorsException.class, () -> Checkpoint.read(session, again));
    assertTrue(unknown.getMessage().contains("model 'tiny'; known are"), unknown.getMessage());
  }

  @Test
  void whatDoesNotFitChangesNothing() throws IOException {
    Tiny wider = new Tiny(new ParameterFactory(session, 1), 5);
    float[] before = wider.parameters().getFirst().value().toFloats();
    Path file = resource("tiny.safetensors");
    var shape =
        assertThrows(SafetensorsException.class, () -> Checkpoint.load(session, file, wider));
    assertTrue(
        shape.getMessage().contains("conv1.weight has shape [4, 1, 3, 3]; the model needs [5, "),
        shape.getMessage());
    assertArrayEquals(before, wider.parameters().getFirst().value().toFloats());
  }

  private Map<String, Model> ours() {
    Map<String, Model> models = new LinkedHashMap<>();
    models.put("resnet20", ResNet.cifar(session, 20, 10, 1));
    models.put("resnet32", ResNet.cifar(session, 32, 100, 1));
    models.put("cnn", Cnn.mnist(session, 10, 1));
    models.put("char-lstm", CharLstm.create(session, CharLstmSpec.of(90), 1));
    return models;
  }

  @Test
  void namesAndShapesArePyTorchs() throws IOException {
    for (Map.Entry<String, Model> model : ours().entrySet()) {
      Path file = folder.resolve(model.getKey());
      Checkpoint.write(file, model.getValue(), Map.of());
      Map<String, String> written = new LinkedHashMap<>();
      Safetensors.read(file).tensors().forEach((name, tensor) -> written.put(name, shape(tensor)));
      Map<String, String> theirs = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> tensor :
          expected.at("shapes").at(model.getKey()).values().properties()) {
        if (!tensor.getKey().endsWith("num_batches_tracked")) {
          theirs.put(tensor.getKey(), tensor.getValue().toString());
        }
      }
      assertTrue(!theirs.isEmpty());
      assertEquals(theirs, written);
      assertEquals(model.getKey(), Safetensors.read(file).metadata().get("model"));
    }
  }

  private static String shape(FloatArray tensor) {
    return Arrays.toString(tensor.shape()).replace(" ", "");
  }

  /** As PyTorch would write them: no metadata, and a counter beside each batch norm. */
  @Test
  void filesWithoutMetadataAreRecognized() throws IOException {
    for (Map.Entry<String, Model> model : ours().entrySet()) {
      Path file = folder.resolve(model.getKey());
      Checkpoint.write(file, model.getValue(), Map.of());
      Map<String, FloatArray> tensors = new LinkedHashMap<>(Safetensors.read(file).tensors());
      if (model.getKey().startsWith("resnet")) {
        tensors.put("bn1.num_batches_tracked", new FloatArray(new int[0], new float[] {3}));
      }
      new Safetensors(tensors, Map.of()).write(file);
      Model read = Checkpoint.read(session, file).model();
      assertEquals(model.getKey(), read.family());
      assertEquals(model.getValue().getClass(), read.getClass());
      assertEquals(model.getValue().form(), read.form());
      for (int k = 0; k < read.parameters().size(); k++) {
        assertArrayEquals(
            model.getValue().parameters().get(k).value().toFloats(),
            read.parameters().get(k).value().toFloats());
      }
    }
  }
}

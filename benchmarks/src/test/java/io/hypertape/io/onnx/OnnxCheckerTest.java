package io.hypertape.io.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Cnn;
import io.hypertape.models.Gru;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.ParameterFactory;
import io.hypertape.models.ResNet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the format's own checker says of files that are written here. */
class OnnxCheckerTest {

  private static final String VARIABLE = "HYPERTAPE_TEST_PYTHON";

  private static final String PROGRAM =
      "import onnx, sys\n"
          + "for file in sys.argv[1:]:\n"
          + "    onnx.checker.check_model(onnx.load(file), full_check=True)\n"
          + "    print('checked')\n";

  @TempDir private Path folder;

  private String name(String file) {
    return folder.resolve(file).toString();
  }

  private void write() throws Exception {
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1))) {
      ParameterFactory factory = new ParameterFactory(session, 1);
      Onnx.write(folder.resolve("mlp"), Mlp.create(session, MlpSpec.tanh(784, 32, 10), 1));
      Onnx.write(folder.resolve("cnn"), Cnn.mnist(session, 10, 1));
      Onnx.write(folder.resolve("resnet"), ResNet.cifar(session, 20, 10, 1));
      CharLstm language = CharLstm.create(session, new CharLstmSpec(65, 8, 16, 2, 0.1), 1);
      Onnx.write(folder.resolve("char-lstm"), language, Map.of("vocabulary", "…"));
      Onnx.write(folder.resolve("gru"), Gru.create(factory, "gru", 5, 6, 2, 0.5), 0, 5);
    }
  }

  @Test
  void findsNothingWrong() throws Exception {
    String python = System.getProperty(VARIABLE, System.getenv().getOrDefault(VARIABLE, ""));
    assumeTrue(!python.isBlank(), VARIABLE + " names no Python with the package onnx");
    write();
    Process process =
        new ProcessBuilder(
                List.of(
                    python,
                    "-c",
                    PROGRAM,
                    name("mlp"),
                    name("cnn"),
                    name("resnet"),
                    name("char-lstm"),
                    name("gru")))
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertEquals(5, said.lines().filter("checked"::equals).count(), said);
  }
}

package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.run.Checkpoint;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service of docs/serving.md starts, answers, refuses and ends, and its load test runs. */
class ServingPageTest {

  static final Path PAGE = Path.of("../docs/serving.md").toAbsolutePath().normalize();

  private static final int INPUTS = 6;

  @TempDir private Path folder;

  private static HttpResponse<byte[]> post(HttpClient client, URI uri, byte[] body)
      throws Exception {
    var request =
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
    return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  private float[] expected(Path model, float[] values) throws Exception {
    try (Session session = Session.open(Device.CPU);
        Mlp mlp = Mlp.create(session, MlpSpec.tanh(INPUTS, 5, 3), 1)) {
      Checkpoint.write(model, mlp, Map.of());
      return session.scoped(
          () -> mlp.forward(session.tensor(values, 2, INPUTS), Mode.EVALUATE).toFloats());
    }
  }

  @Test
  void theServiceServes() throws Exception {
    Pattern program = Pattern.compile("public (?:final class|record) (\\w+)");
    List<String> blocks =
        DocumentCode.blocks(PAGE).stream().filter(code -> program.matcher(code).find()).toList();
    assertEquals(2, blocks.size());
    for (String block : blocks) {
      Matcher name = program.matcher(block);
      assertTrue(name.find(), block);
      Path file = folder.resolve(name.group(1) + ".java");
      Files.writeString(file, block);
      DocumentCode.compile(file);
    }
    Path model = folder.resolve("model.safetensors");
    float[] values = new float[2 * INPUTS];
    Random random = new Random(1);
    ByteBuffer body =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
      body.putFloat(values[i]);
    }
    float[] expected = expected(model, values);
    try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Class<?> type = loader.loadClass("Service");
      AutoCloseable service =
          (AutoCloseable) type.getMethod("start", Path.class, int.class).invoke(null, model, 0);
      try (service;
          HttpClient client = HttpClient.newHttpClient()) {
        Object port = type.getMethod("port").invoke(service);
        URI uri = URI.create("http://localhost:" + port + "/predict");
        var answer = post(client, uri, body.array());
        assertEquals(200, answer.statusCode());
        float[] results = new float[6];
        ByteBuffer.wrap(answer.body()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(results);
        assertArrayEquals(expected, results);
        for (int bytes : new int[] {0, 3, 4 * INPUTS - 1, 4 * INPUTS + 1, 65 * 4 * INPUTS}) {
          var refused = post(client, uri, new byte[bytes]);
          assertEquals(400, refused.statusCode());
          assertTrue(new String(refused.body()).contains("examples of 6 float32"));
        }
        var get = HttpRequest.newBuilder(uri).build();
        assertEquals(405, client.send(get, HttpResponse.BodyHandlers.discarding()).statusCode());
        Object measured =
            loader
                .loadClass("LoadTest")
                .getMethod("run", URI.class, int.class, int.class, double.class)
                .invoke(null, uri, INPUTS, 8, 0.5);
        assertTrue(measured.toString().matches("\\d+ requests/s, p50 .*"), measured.toString());
      }
    }
  }
}

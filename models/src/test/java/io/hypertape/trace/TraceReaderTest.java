package io.hypertape.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceReaderTest {

  @TempDir private Path folder;

  /**
   * One weight matrix, no hidden layer, SGD tuned by SGD, two steps on one row. Computed by hand
   * with p = softmax(w): the gradient is p − onehot, the second step's hypergradient −⟨g₂, g₁⟩.
   */
  private static String byHand() {
    double[] w = {0, 0};
    double alpha = 0.5;
    double beta = 0.1;
    double[][] g = new double[2][];
    double[] loss = new double[2];
    double[] alphas = new double[2];
    for (int t = 0; t < 2; t++) {
      double sum = Math.exp(w[0]) + Math.exp(w[1]);
      loss[t] = Math.log(sum) - w[0];
      g[t] = new double[] {Math.exp(w[0]) / sum - 1, Math.exp(w[1]) / sum};
      if (t > 0) {
        alpha += beta * 2 * (g[1][0] * g[0][0] + g[1][1] * g[0][1]);
      }
      alphas[t] = alpha;
      // The row is x = 1, and the bias has the same gradient as the weight.
      w[0] -= 2 * alpha * g[t][0];
      w[1] -= 2 * alpha * g[t][1];
    }
    String step =
        "{\"loss\": %s, \"hyper\": [{\"alpha\": %s, \"mu\": 0}, {\"alpha\": 0.1, \"mu\": 0}]}";
    return """
        {"case": "by hand",
         "model": {"kind": "mlp", "sizes": [1, 2], "activations": ["none"], "head": "log_softmax",
                   "loss": "nll_mean"},
         "initial": {"layer1.weight": [[0], [0]], "layer1.bias": [0, 0]},
         "tower": [{"optimizer": "sgd", "alpha": 0.5}, {"optimizer": "sgd", "alpha": 0.1}],
         "batches": [{"x": [[1]], "y": [0]}],
         "initial_hyper": [{"alpha": 0.5, "mu": 0}, {"alpha": 0.1, "mu": 0}],
         "steps": [STEP1, STEP2],
         "final": {"layer1.weight": [[W0], [W1]], "layer1.bias": [W0, W1]}}
        """
        .replace("STEP1", String.format(Locale.ROOT, step, loss[0], alphas[0]))
        .replace("STEP2", String.format(Locale.ROOT, step, loss[1], alphas[1]))
        .replace("W0", Double.toString(w[0] / 2))
        .replace("W1", Double.toString(w[1] / 2));
  }

  private Path write(String json) throws IOException {
    return Files.writeString(folder.resolve("t.json"), json);
  }

  @Test
  void aTraceComputedByHandPasses() throws IOException {
    ReferenceTrace trace = TraceReader.read(write(byHand()));
    assertEquals("by hand", trace.name());
    try (Session session =
        Session.open(SessionOptions.of(Device.REFERENCE).withPrecision(Precision.FLOAT64))) {
      TraceReport report = TraceReplay.run(session, trace);
      assertTrue(report.passed(), report.toString());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"tower\"|\"towers\"|field 'tower' is missing",
        "\"sgd\", \"alpha\": 0.5|\"lion\", \"alpha\": 0.5|unknown optimizer 'lion'; known are sgd,",
        "[1, 2]|[1]|make no MLP",
        "[\"none\"]|[\"gelu\"]|unknown activation 'gelu'",
        "[[1]]|[[1, 2]]|1 rows of 1 features are needed",
        "\"y\": [0]|\"y\": [2]|label 2 is no class; 0 to 1 are",
        "\"y\": [0]|\"y\": [\"a\"]|label \"a\" is no class",
        "[[1]]|[[\"a\"]]|numbers are needed",
        "\"batches\": [{\"x\": [[1]], \"y\": [0]}]|\"batches\": []|batches is empty",
        "\"steps\": [|\"steps\": 5, \"other\": [|field 'steps' must be a list",
        "{\"loss\": |{\"loss\": \"x\", \"l\": |field 'loss' must be a number",
        "\"sgd\", \"alpha\": 0.5|\"sgd\", \"alpha\": \"0.5\"|field 'alpha' must be a number",
        "\"sgd\", \"alpha\": 0.1|\"sgd\", \"mu\": null|field 'mu' is missing",
        "[{\"alpha\": 0.5, \"mu\": 0}|[{\"alpha\": 0.5, \"mu\": []}|field 'mu' must be a number",
        "[1, 2]|[1, 2.5]|sizes has 2.5; whole numbers are needed",
        "\"y\": [0]|\"y\": [0.5]|label 0.5 is no class",
        "log_softmax|softmax|only an mlp with head log_softmax",
        "{\"case\"|{\"case|not JSON"
      })
  void damageIsNamed(String from, String to, String message) throws IOException {
    String json = byHand();
    assertTrue(json.contains(from), from);
    Path file = write(json.replace(from, to));
    var e = assertThrows(TraceFormatException.class, () -> TraceReader.read(file));
    assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void filesOfAnotherKindAreNamed() throws IOException {
    Path page = write("<!DOCTYPE html>\n<html></html>");
    var e = assertThrows(TraceFormatException.class, () -> TraceReader.read(page));
    assertTrue(e.getMessage().contains("not JSON: "), e.getMessage());
    assertTrue(e.getMessage().contains("; the file is a web page (HTML)"), e.getMessage());
    Path empty = write("");
    var none = assertThrows(TraceFormatException.class, () -> TraceReader.read(empty));
    assertEquals(empty + ": an empty file; a trace in JSON is expected", none.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"layer1.bias\": [0, 0]|\"layer1.bias\": [0]|layer1.bias has 1 values",
        "\"initial_hyper\": [{\"alpha\": 0.5, \"mu\": 0}|\"initial_hyper\": [{\"alpha\": 0.5}|the trace has 3 hyperparameters"
      })
  void whatDoesNotFitTogetherIsNamed(String from, String to, String message) throws IOException {
    ReferenceTrace trace = TraceReader.read(write(byHand().replace(from, to)));
    try (Session session = Session.open(SessionOptions.of(Device.REFERENCE))) {
      var e = assertThrows(RuntimeException.class, () -> TraceReplay.run(session, trace));
      assertTrue(e.getMessage().contains(message), e.getMessage());
    }
  }
}

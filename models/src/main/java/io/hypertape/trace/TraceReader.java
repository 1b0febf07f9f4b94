package io.hypertape.trace;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hypertape.checks.Nulls;
import io.hypertape.io.guard.FileKind;
import io.hypertape.io.guard.FileProblem;
import io.hypertape.io.guard.HeapRoom;
import io.hypertape.io.guard.RegularFile;
import io.hypertape.models.Activation;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.AdaGrad;
import io.hypertape.optim.Adam;
import io.hypertape.optim.AdamAlpha;
import io.hypertape.optim.Optimizer;
import io.hypertape.optim.RmsProp;
import io.hypertape.optim.RmsPropAlpha;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.SgdPerParameter;
import io.hypertape.optim.Tower;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads reference traces from JSON. */
public final class TraceReader {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Bytes of memory a byte of JSON: of very many empty objects. */
  private static final long MEMORY = 32;

  private final Path file;

  private TraceReader(Path file) {
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @param file JSON in the documented format
   * @return the trace
   * @throws IOException if it cannot be read, or is no trace ({@link TraceFormatException})
   */
  public static ReferenceTrace read(Path file) throws IOException {
    Nulls.check(file, "trace: file");
    JsonNode root;
    Optional<String> problem = RegularFile.problem(file, "a trace in JSON");
    if (problem.isPresent()) {
      throw new TraceFormatException(file + ": " + problem.get());
    }
    HeapRoom room = HeapRoom.ofJvm();
    long memory = Math.multiplyExact(MEMORY, Files.size(file));
    if (!room.fits(memory)) {
      throw new TraceFormatException(
          file + ": " + room.lacking(Files.size(file) + " bytes of JSON", memory));
    }
    byte[] bytes = FileProblem.bytes(file);
    try {
      root = JSON.readTree(bytes);
    } catch (JacksonException e) {
      throw notJson(file, bytes, e.getOriginalMessage());
    } catch (CharConversionException e) {
      // Zeros among the first bytes make it look like UTF-32.
      throw notJson(file, bytes, e.getMessage());
    }
    if (root.isMissingNode()) {
      throw new TraceFormatException(file + ": an empty file; a trace in JSON is expected");
    }
    TraceReader reader = new TraceReader(file);
    try {
      return reader.trace(root);
    } catch (IllegalArgumentException e) {
      throw new TraceFormatException(file + ": " + e.getMessage());
    }
  }

  private static TraceFormatException notJson(Path file, byte[] bytes, String reason) {
    byte[] head = Arrays.copyOf(bytes, Math.min(bytes.length, FileKind.HEAD));
    return new TraceFormatException(
        file
            + ": not JSON: "
            + reason
            + FileKind.of(head).map(kind -> "; the file is " + kind.insteadOfData()).orElse(""));
  }

  private ReferenceTrace trace(JsonNode root) throws TraceFormatException {
    MlpSpec model = model(need(root, "model"));
    List<Optimizer> optimizers = new ArrayList<>();
    for (JsonNode level : array(root, "tower")) {
      optimizers.add(optimizer(level));
    }
    List<ReferenceTrace.Batch> batches = new ArrayList<>();
    for (JsonNode batch : array(root, "batches")) {
      batches.add(batch(batch, model));
    }
    if (batches.isEmpty()) {
      throw bad("batches is empty; one or more are needed");
    }
    List<ReferenceTrace.Step> steps = new ArrayList<>();
    for (JsonNode step : array(root, "steps")) {
      steps.add(new ReferenceTrace.Step(number(step, "loss"), hypers(array(step, "hyper"))));
    }
    return new ReferenceTrace(
        root.path("case").asText(file.getFileName().toString()),
        model,
        weights(need(root, "initial")),
        Tower.of(optimizers.toArray(Optimizer[]::new)),
        batches,
        hypers(array(root, "initial_hyper")),
        steps,
        weights(need(root, "final")));
  }

  private MlpSpec model(JsonNode node) throws TraceFormatException {
    if (!node.path("kind").asText("mlp").equals("mlp")
        || !node.path("head").asText("log_softmax").equals("log_softmax")
        || !node.path("loss").asText("nll_mean").equals("nll_mean")) {
      throw bad("model: only an mlp with head log_softmax and loss nll_mean is known");
    }
    List<Integer> sizes = new ArrayList<>();
    for (JsonNode size : array(node, "sizes")) {
      if (!size.isIntegralNumber() || !size.canConvertToInt()) {
        throw bad("model: sizes has " + size + "; whole numbers are needed");
      }
      sizes.add(size.asInt());
    }
    List<Activation> activations = new ArrayList<>();
    for (JsonNode activation : array(node, "activations")) {
      activations.add(Activation.of(activation.asText()));
    }
    return new MlpSpec(sizes, activations);
  }

  private Optimizer optimizer(JsonNode node) throws TraceFormatException {
    String name = need(node, "optimizer").asText();
    double beta1 = or(node, "beta1", 0.9);
    double beta2 = or(node, "beta2", 0.999);
    double eps = Math.pow(10, or(node, "log_eps", -8));
    return switch (name) {
      case "sgd" -> new Sgd(alpha(node, 0.01), or(node, "mu", 0));
      case "sgdPerParam" -> new SgdPerParameter(alphas(node));
      case "adagrad" -> new AdaGrad(alpha(node, 0.01));
      case "rmsprop" -> new RmsProp(alpha(node, 0.01), or(node, "gamma", 0.99));
      case "rmspropAlpha" -> new RmsPropAlpha(alpha(node, 0.01), or(node, "gamma", 0.99));
      case "adam" -> new Adam(alpha(node, 0.001), beta1, beta2, eps);
      case "adamBaydin" -> new AdamAlpha(alpha(node, 0.001), beta1, beta2, eps);
      default ->
          throw bad(
              "tower: unknown optimizer '"
                  + name
                  + "'; known are sgd, sgdPerParam, adagrad, "
                  + "rmsprop, rmspropAlpha, adam, adamBaydin");
    };
  }

  private double alpha(JsonNode node, double fallback) throws TraceFormatException {
    return or(node, "alpha", fallback);
  }

  /** A number, or another one if there is no such field. */
  private double or(JsonNode node, String field, double fallback) throws TraceFormatException {
    return node.has(field) ? number(node, field) : fallback;
  }

  private Map<String, Double> alphas(JsonNode node) throws TraceFormatException {
    Map<String, Double> alphas = new LinkedHashMap<>();
    JsonNode given = need(node, "alphas");
    for (Map.Entry<String, JsonNode> entry : given.properties()) {
      alphas.put(entry.getKey(), number(given, entry.getKey()));
    }
    return alphas;
  }

  private ReferenceTrace.Batch batch(JsonNode node, MlpSpec model) throws TraceFormatException {
    double[] x = flat(need(node, "x"), "batches.x");
    JsonNode labels = array(node, "y");
    int[] y = new int[labels.size()];
    for (int i = 0; i < y.length; i++) {
      y[i] = labels.get(i).isIntegralNumber() ? labels.get(i).asInt(-1) : -1;
      if (y[i] < 0 || y[i] >= model.sizes().getLast()) {
        throw bad(
            "batches: label "
                + labels.get(i)
                + " is no class; 0 to "
                + (model.sizes().getLast() - 1)
                + " are");
      }
    }
    if (x.length != y.length * model.sizes().getFirst()) {
      throw bad(
          "batches: x has "
              + x.length
              + " values; "
              + y.length
              + " rows of "
              + model.sizes().getFirst()
              + " features are needed");
    }
    return new ReferenceTrace.Batch(x, y);
  }

  private Map<String, double[]> weights(JsonNode node) throws TraceFormatException {
    Map<String, double[]> weights = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      weights.put(entry.getKey(), flat(entry.getValue(), entry.getKey()));
    }
    return weights;
  }

  private List<Map<String, Double>> hypers(JsonNode levels) throws TraceFormatException {
    List<Map<String, Double>> result = new ArrayList<>();
    for (JsonNode level : levels) {
      Map<String, Double> values = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : level.properties()) {
        values.put(entry.getKey(), number(level, entry.getKey()));
      }
      result.add(values);
    }
    return result;
  }

  private double[] flat(JsonNode node, String where) throws TraceFormatException {
    List<Double> values = new ArrayList<>();
    flatten(node, where, values);
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private void flatten(JsonNode node, String where, List<Double> values)
      throws TraceFormatException {
    if (node.isNumber()) {
      values.add(node.asDouble());
    } else if (node.isArray()) {
      for (JsonNode element : node) {
        flatten(element, where, values);
      }
    } else {
      throw bad(where + ": numbers are needed, not " + node.getNodeType());
    }
  }

  private JsonNode need(JsonNode node, String field) throws TraceFormatException {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      throw bad("field '" + field + "' is missing");
    }
    return value;
  }

  private JsonNode array(JsonNode node, String field) throws TraceFormatException {
    JsonNode value = need(node, field);
    if (!value.isArray()) {
      throw bad("field '" + field + "' must be a list");
    }
    return value;
  }

  private double number(JsonNode node, String field) throws TraceFormatException {
    JsonNode value = need(node, field);
    if (!value.isNumber()) {
      throw bad("field '" + field + "' must be a number");
    }
    return value.asDouble();
  }

  private TraceFormatException bad(String problem) {
    return new TraceFormatException(file + ": " + problem);
  }
}

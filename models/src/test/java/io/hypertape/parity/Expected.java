package io.hypertape.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/** What PyTorch computed, and how near to it the values here must be. */
public record Expected(JsonNode values, double tolerance) {

  private static final String FOLDER = "/io/hypertape/parity/";

  /** Reads a file that {@code src/test/python/parity.py} wrote. */
  public static Expected read(String name, double tolerance) throws IOException {
    try (InputStream in = Expected.class.getResourceAsStream(FOLDER + name + ".json")) {
      return new Expected(new ObjectMapper().readTree(in), tolerance);
    }
  }

  public Expected at(String field) {
    JsonNode inner = values.path(field);
    assertTrue(!inner.isMissingNode(), field + " is missing");
    return new Expected(inner, tolerance);
  }

  public int[] ints(String field) {
    JsonNode list = values.path(field);
    int[] result = new int[list.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = list.get(i).asInt();
    }
    return result;
  }

  private void near(String what, double theirs, double ours, double scale) {
    double error = Math.abs(ours - theirs);
    assertTrue(
        error <= tolerance * scale,
        () -> what + ": " + ours + ", PyTorch has " + theirs + ", scale " + scale);
  }

  /** A number, relative to itself. */
  public void number(String field, double ours) {
    double theirs = at(field).values().asDouble();
    near(field, theirs, ours, Math.abs(theirs));
  }

  /** All elements, relative to the largest. */
  public void elements(String field, Tensor tensor) {
    JsonNode theirs = at(field).values();
    double[] ours = tensor.toDoubles();
    assertEquals(theirs.size(), ours.length, field);
    double scale = 0;
    for (JsonNode value : theirs) {
      scale = Math.max(scale, Math.abs(value.asDouble()));
    }
    for (int i = 0; i < ours.length; i++) {
      near(field + "[" + i + "]", theirs.get(i).asDouble(), ours[i], scale);
    }
  }

  /** Every parameter's gradient: its norm, its product with a fixed vector, some entries. */
  public void gradients(List<Parameter> parameters, List<Tensor> gradients) {
    JsonNode all = at("gradients").values();
    assertEquals(
        all.properties().stream().map(e -> e.getKey()).toList(),
        parameters.stream().map(Parameter::name).toList());
    for (int k = 0; k < gradients.size(); k++) {
      gradient(parameters.get(k).name(), gradients.get(k));
    }
  }

  private void gradient(String name, Tensor gradient) {
    JsonNode theirs = values.path("gradients").path(name);
    double[] g = gradient.toDoubles();
    assertEquals(
        theirs.path("shape").toString().replace(",", ", "),
        Arrays.toString(gradient.shape()),
        name);
    double[] probe = Fill.fill(name + "#", g.length);
    double squares = 0;
    double product = 0;
    for (int i = 0; i < g.length; i++) {
      squares += g[i] * g[i];
      product += g[i] * probe[i];
    }
    double norm = theirs.path("norm").asDouble();
    near("norm of " + name, norm, Math.sqrt(squares), norm);
    near("product of " + name, theirs.path("product").asDouble(), product, norm);
    JsonNode entries = theirs.path("entries");
    for (int k = 0; k < entries.size(); k++) {
      int place = (int) ((k * 7919L + 13) % g.length);
      near(
          name + "[" + place + "]",
          entries.get(k).asDouble(),
          g[place],
          theirs.path("largest").asDouble());
    }
  }

  /** Running statistics; call inside a scope. */
  public void buffers(List<Buffer> buffers) {
    Expected all = at("buffers");
    assertEquals(
        all.values().properties().stream().map(e -> e.getKey()).toList(),
        buffers.stream().map(Buffer::name).toList());
    for (Buffer buffer : buffers) {
      all.elements(buffer.name(), buffer.read());
    }
  }
}

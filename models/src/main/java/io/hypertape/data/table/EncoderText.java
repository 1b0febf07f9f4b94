package io.hypertape.data.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hypertape.data.Standardization;
import io.hypertape.data.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An encoder as a JSON text. It may come from anywhere: whatever is read is checked. */
final class EncoderText {

  private static final ObjectMapper JSON = new ObjectMapper();

  private EncoderText() {}

  static String of(TableEncoder encoder) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode features = root.putArray("features");
    for (TableFeature feature : encoder.features()) {
      ObjectNode node = features.addObject().put("column", feature.column());
      if (feature.missing() != Missing.REFUSE) {
        node.put("missing", feature.missing().toString());
      }
      switch (feature) {
        case TableFeature.OfNumber n -> {
          node.put("mean", n.mean()).put("deviation", n.deviation());
          putFlag(node, n.flagged());
        }
        case TableFeature.OfCategory c -> {
          c.words().forEach(node.putArray("words")::add);
          putFlag(node, c.flagged());
        }
      }
    }
    ObjectNode targets = root.putObject("targets");
    encoder.targetColumns().forEach(targets.putArray("columns")::add);
    if (encoder.tableTargets().missing() != Missing.REFUSE) {
      targets.put("missing", encoder.tableTargets().missing().toString());
    }
    switch (encoder.targets()) {
      case Targets.Classes c -> c.names().forEach(targets.putArray("classes")::add);
      case Targets.Labels unused -> targets.put("labels", true);
      case Targets.Numbers n -> {
        ArrayNode mean = targets.putArray("mean");
        ArrayNode deviation = targets.putArray("deviation");
        for (int k = 0; k < n.outputs(); k++) {
          mean.add(n.standardization().mean()[k]);
          deviation.add(n.standardization().deviation()[k]);
        }
      }
    }
    encoder.weight().ifPresent(column -> root.put("weight", column));
    encoder.id().ifPresent(column -> root.put("id", column));
    try {
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void putFlag(ObjectNode node, boolean flagged) {
    if (flagged) {
      node.put("flagged", true);
    }
  }

  static TableEncoder parse(String text) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON (" + e.getOriginalMessage() + ")", e);
    }
    List<TableFeature> features = new ArrayList<>();
    for (JsonNode node : array(root, "features")) {
      String column = text(node, "column");
      boolean flagged = node.path("flagged").asBoolean();
      Missing missing = missing(node);
      features.add(
          node.has("words")
              ? new TableFeature.OfCategory(column, missing, texts(node, "words"), flagged)
              : new TableFeature.OfNumber(
                  column,
                  missing,
                  number(node.path("mean")),
                  number(node.path("deviation")),
                  flagged));
    }
    return new TableEncoder(
        features, targets(root.path("targets")), optional(root, "weight"), optional(root, "id"));
  }

  private static TableTargets targets(JsonNode node) {
    List<String> columns = texts(node, "columns");
    Targets targets;
    if (node.has("classes")) {
      targets = new Targets.Classes(texts(node, "classes"));
    } else if (node.has("labels")) {
      targets = new Targets.Labels(columns);
    } else {
      Standardization standardization =
          new Standardization(numbers(node, "mean"), numbers(node, "deviation"));
      targets = new Targets.Numbers(columns, standardization);
    }
    if (columns.size() != (targets instanceof Targets.Classes ? 1 : targets.outputs())) {
      throw new IllegalArgumentException(
          columns.size() + " columns for " + targets.text() + " are not what belongs together");
    }
    return new TableTargets(columns, missing(node), targets);
  }

  private static IllegalArgumentException lacking(String key, String what) {
    return new IllegalArgumentException("its " + key + " is no " + what);
  }

  private static JsonNode array(JsonNode node, String key) {
    if (!node.path(key).isArray()) {
      throw lacking(key, "array");
    }
    return node.path(key);
  }

  private static String text(JsonNode node, String key) {
    if (!node.path(key).isTextual()) {
      throw lacking(key, "text");
    }
    return node.path(key).asText();
  }

  private static Optional<String> optional(JsonNode node, String key) {
    return node.has(key) ? Optional.of(text(node, key)) : Optional.empty();
  }

  private static List<String> texts(JsonNode node, String key) {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : array(node, key)) {
      if (!element.isTextual()) {
        throw lacking(key, "array of texts");
      }
      texts.add(element.asText());
    }
    return texts;
  }

  private static double[] numbers(JsonNode node, String key) {
    List<Double> numbers = new ArrayList<>();
    for (JsonNode element : array(node, key)) {
      numbers.add(number(element));
    }
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double number(JsonNode node) {
    if (!node.isNumber()) {
      throw lacking("mean or deviation", "number");
    }
    return node.asDouble();
  }

  private static Missing missing(JsonNode node) {
    if (!node.has("missing")) {
      return Missing.REFUSE;
    }
    String text = text(node, "missing");
    try {
      return Missing.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("missing '" + text + "' is none of refuse, skip, fill", e);
    }
  }
}

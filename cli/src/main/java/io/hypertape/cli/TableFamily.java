package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.data.Targets;
import io.hypertape.data.table.TableData;
import io.hypertape.models.Activation;
import io.hypertape.models.FeedForward;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Network;
import io.hypertape.run.Metric;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Dense layers for the rows of a table: log-probabilities of classes, logits of labels, or numbers.
 *
 * @param layers their sizes and activations
 * @param options what the columns mean
 */
record TableFamily(MlpFamily layers, TableOptions options) implements ModelFamily {

  static TableFamily of(String hidden, String activation, TableOptions options) {
    return new TableFamily(MlpFamily.of(hidden, activation, null), options);
  }

  /** Relu after hidden layers, and nothing after the last one. */
  static String activations(String hidden) {
    int count = hidden.equals("none") ? 0 : hidden.split(",", -1).length;
    return "relu,".repeat(count) + "none";
  }

  @Override
  public Defaults defaults() {
    return new Defaults("auto(adam)", 30, 64);
  }

  @Override
  public List<Metric> metrics() {
    return Metric.ofExamples();
  }

  @Override
  public PreparedModel prepare(Session session, DataOptions data, long seed, PrintStream err)
      throws IOException {
    TableData table = options.read(data.table().orElseThrow());
    Targets targets = table.encoder().targets();
    int outputs = options.outputs(targets);
    MlpSpec form = layers.form(table.encoder().inputs(), outputs);
    Network model =
        targets instanceof Targets.Classes
            ? Mlp.create(session, form, seed)
            : FeedForward.create(session, form, seed);
    err.println(
        Shown.text(
            table.train().size()
                + " rows to learn from, "
                + table.valid().map(part -> part.size() + " to choose by, ").orElse("")
                + table.test().size()
                + " to judge by; "
                + table.encoder()));
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("features", table.encoder().featureColumns());
    config.put("targets", table.encoder().targetColumns());
    config.put("classes", targets instanceof Targets.Classes ? targets.names() : new ArrayList<>());
    config.put("model", model.family());
    config.put("sizes", form.sizes());
    config.put("activations", form.activations().stream().map(Activation::toString).toList());
    return new PreparedTable(
        session, model, table, options.loss(session, table), form.sizes().toString(), config);
  }
}

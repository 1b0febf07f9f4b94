package io.hypertape.house;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.data.DataParts;
import io.hypertape.data.Dataset;
import io.hypertape.data.Example;
import io.hypertape.data.Examples;
import io.hypertape.data.Shares;
import io.hypertape.data.Targets;
import io.hypertape.data.TrainingData;
import io.hypertape.data.table.DataTable;
import io.hypertape.data.table.Schema;
import io.hypertape.data.table.TableEncoder;
import io.hypertape.io.onnx.Onnx;
import io.hypertape.io.onnx.OnnxGraph;
import io.hypertape.io.onnx.OnnxLayer;
import io.hypertape.models.Activation;
import io.hypertape.models.Classifier;
import io.hypertape.models.CrossEntropy;
import io.hypertape.models.Dense;
import io.hypertape.models.FeedForward;
import io.hypertape.models.Flatten;
import io.hypertape.models.Initializer;
import io.hypertape.models.Layer;
import io.hypertape.models.Loss;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.models.Model;
import io.hypertape.models.ParameterFactory;
import io.hypertape.models.Residual;
import io.hypertape.models.Sequential;
import io.hypertape.optim.Sgd;
import io.hypertape.predict.Predictor;
import io.hypertape.predict.PredictorOptions;
import io.hypertape.run.Checkpoint;
import io.hypertape.run.ClassErrors;
import io.hypertape.run.Evaluation;
import io.hypertape.run.FiniteCheck;
import io.hypertape.run.TablePredictions;
import io.hypertape.run.Trainer;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What this library does with objects of a user's own. */
final class ForeignUses {

  private ForeignUses() {}

  /**
   * One such thing.
   *
   * @param text what is done
   * @param type the interface that users implement
   * @param right an object that does what it should
   * @param work what is done with one that may not
   */
  record Use<T>(String text, Class<T> type, Right<T> right, Work<T> work) {}

  /** Makes one. */
  @FunctionalInterface
  interface Right<T> {
    T make(Session session, Path folder) throws Exception;
  }

  /** Uses one. */
  @FunctionalInterface
  interface Work<T> {
    void run(Session session, T own, Path folder) throws Exception;
  }

  static List<Use<?>> all() {
    List<Use<?>> all = new ArrayList<>();
    networks(all);
    layers(all);
    data(all);
    training(all);
    ForeignFunctions.addTo(all);
    return all;
  }

  private static Examples examples() {
    return Examples.of(
        "four", List.of(3), new Targets.Classes(2, List.of()), new float[12], 0, 1, 0, 1);
  }

  static Mlp mlp(Session session) {
    return Mlp.create(session, MlpSpec.tanh(3, 2), 1);
  }

  static TrainingData parts() {
    return new DataParts("parts", examples(), examples());
  }

  static void train(Trainer trainer) throws IOException {
    trainer.epochs(1).batch(2).run(new Sgd(0.1).tower());
  }

  private static void networks(List<Use<?>> all) {
    Right<Classifier> right = (session, place) -> mlp(session);
    all.add(
        new Use<>(
            "training a classifier",
            Classifier.class,
            right,
            (session, own, place) -> train(new Trainer(session, own, parts()))));
    all.add(
        new Use<>(
            "predicting by a network",
            Classifier.class,
            right,
            (session, own, place) ->
                Predictor.of(
                        own,
                        PredictorOptions.DEFAULTS.withSession(SessionOptions.of(Device.REFERENCE)))
                    .close()));
    all.add(
        new Use<>(
            "training a classifier in shards",
            Classifier.class,
            right,
            (session, own, place) -> train(new Trainer(session, own, parts()).shards(2))));
    all.add(
        new Use<>(
            "judging a classifier",
            Classifier.class,
            right,
            (session, own, place) -> Evaluation.of(session, own, examples())));
    all.add(
        new Use<>(
            "errors of a classifier",
            Classifier.class,
            right,
            (session, own, place) -> ClassErrors.of(session, own, examples())));
    Right<Model> model = (session, place) -> mlp(session);
    all.add(
        new Use<>(
            "writing a model",
            Model.class,
            model,
            (session, own, place) ->
                Checkpoint.write(place.resolve("x"), own, Map.of(), Checkpoint.NonFinite.KEEP)));
    all.add(
        new Use<>(
            "loading into a model",
            Model.class,
            model,
            (session, own, place) -> {
              Checkpoint.write(place.resolve("x"), mlp(session), Map.of());
              Checkpoint.load(session, place.resolve("x"), own);
            }));
    all.add(
        new Use<>(
            "a model's numbers", Model.class, model, (session, own, place) -> FiniteCheck.of(own)));
    all.add(
        new Use<>(
            "a model's class names",
            Classifier.class,
            right,
            (session, own, place) ->
                new Checkpoint(own, Map.of("classes", "[\"a\",\"b\"]")).classNames()));
  }

  private static void layers(List<Use<?>> all) {
    Right<Layer> right =
        (session, place) ->
            Dense.create(new ParameterFactory(session, 1), "d", 3, 3, Activation.NONE);
    all.add(
        new Use<>(
            "a layer in a sequence",
            Layer.class,
            right,
            (session, own, place) -> {
              try (Sequential both = Sequential.of(new Flatten(), own)) {
                session.scoped(
                    () -> {
                      both.forward(session.ones(2, 3), Mode.EVALUATE);
                    });
                both.parameters();
                both.buffers();
                both.dropoutCounters();
              }
            }));
    all.add(
        new Use<>(
            "a layer with a shortcut",
            Layer.class,
            right,
            (session, own, place) -> {
              try (Residual both = new Residual(own, new Flatten(), Activation.NONE)) {
                session.scoped(
                    () -> {
                      both.forward(session.ones(2, 3), Mode.EVALUATE);
                    });
                both.parameters();
                both.buffers();
                both.dropoutCounters();
              }
            }));
    all.add(
        new Use<>(
            "training a layer",
            Layer.class,
            right,
            (session, own, place) ->
                train(new Trainer(session, own, parts()).loss(CrossEntropy.ofLogits()))));
    all.add(
        new Use<>(
            "a layer's file of ONNX",
            Layer.class,
            right,
            (session, own, place) -> Onnx.write(place.resolve("x"), own, 3)));
    all.add(
        new Use<>(
            "a network's file of ONNX",
            Classifier.class,
            (session, place) -> mlp(session),
            (session, own, place) -> Onnx.write(place.resolve("x"), own, Map.of())));
    all.add(
        new Use<>(
            "a layer of one's own in ONNX",
            OnnxLayer.class,
            (session, place) -> new Same(),
            (session, own, place) -> Onnx.write(place.resolve("x"), own, 3)));
    all.add(
        new Use<>(
            "a table's predictions",
            Layer.class,
            (session, place) -> FeedForward.create(session, MlpSpec.relu(2, 1), 1),
            (session, own, place) -> {
              DataTable table =
                  DataTable.of("t", Map.of("x", List.of("a", "b"), "y", new int[] {0, 1}));
              Schema schema = Schema.of(table).numbers("y");
              TablePredictions.of(session, own, TableEncoder.fit(schema, table), table);
            }));
  }

  /** Changes nothing. */
  private static final class Same implements OnnxLayer {
    @Override
    public String addTo(OnnxGraph graph, String input) {
      return graph.node("Identity", input).output();
    }

    @Override
    public Tensor forward(Tensor input, Mode mode) {
      return input;
    }

    @Override
    public List<Parameter> parameters() {
      return List.of();
    }
  }

  private static void data(List<Use<?>> all) {
    Map<String, Examples> sets =
        Map.of(
            "classes",
            examples(),
            "weights",
            Examples.of(
                "weighted",
                List.of(3),
                examples().targets(),
                Stream.of(0, 1, 0, 1).map(c -> Example.ofClass(c, 1, 2, 3).weighing(c + 1))),
            "numbers",
            Examples.of(
                "n",
                List.of(3),
                new Targets.Numbers(List.of("x", "y")),
                new float[12],
                new float[8]));
    for (Map.Entry<String, Examples> set : sets.entrySet()) {
      Right<Dataset> right = (session, place) -> set.getValue();
      String kind = " of " + set.getKey();
      all.add(
          new Use<>(
              "learning from a set" + kind,
              Dataset.class,
              right,
              (session, own, place) ->
                  train(
                      new Trainer(
                          session,
                          FeedForward.create(session, MlpSpec.relu(3, 2), 1),
                          new DataParts("own", own, right.make(session, place))))));
      all.add(
          new Use<>(
              "judging by a set" + kind,
              Dataset.class,
              right,
              (session, own, place) ->
                  Evaluation.of(session, FeedForward.create(session, MlpSpec.relu(3, 2), 1), own)));
      all.add(
          new Use<>(
              "dividing a set" + kind,
              Dataset.class,
              right,
              (session, own, place) -> DataParts.of(own, new Shares(0, 0.5))));
      all.add(
          new Use<>(
              "sharding a set" + kind,
              Dataset.class,
              right,
              (session, own, place) ->
                  train(
                      new Trainer(
                              session,
                              FeedForward.create(session, MlpSpec.relu(3, 2), 1),
                              new DataParts("own", own, right.make(session, place)))
                          .shards(2))));
    }
    all.add(
        new Use<>(
            "data of one's own",
            TrainingData.class,
            (session, place) -> parts(),
            (session, own, place) -> train(new Trainer(session, mlp(session), own))));
    all.add(
        new Use<>(
            "steps of data of one's own",
            TrainingData.class,
            (session, place) -> parts(),
            (session, own, place) -> Trainer.steps(own, new TrainingOptions(1, 1, 1))));
  }

  private static void training(List<Use<?>> all) {
    all.add(
        new Use<>(
            "following a run",
            TrainingListener.class,
            (session, place) -> new TrainingListener() {},
            (session, own, place) ->
                train(new Trainer(session, mlp(session), parts()).listener(own))));
    Right<Loss> right = (session, place) -> CrossEntropy.ofLogits();
    all.add(
        new Use<>(
            "a loss of one's own",
            Loss.class,
            right,
            (session, own, place) -> train(new Trainer(session, mlp(session), parts()).loss(own))));
    all.add(
        new Use<>(
            "a loss of one's own in shards",
            Loss.class,
            right,
            (session, own, place) ->
                train(new Trainer(session, mlp(session), parts()).loss(own).shards(2))));
    all.add(
        new Use<>(
            "judging by a loss of one's own",
            Loss.class,
            right,
            (session, own, place) -> Evaluation.of(session, mlp(session), examples(), own)));
    all.add(
        new Use<>(
            "an initializer",
            Initializer.class,
            (session, place) -> Initializer.constant(1),
            (session, own, place) -> Mlp.create(session, MlpSpec.tanh(3, 2), 1, own, own)));
    all.add(
        new Use<>(
            "given values",
            ParameterFactory.Values.class,
            (session, place) -> (name, shape) -> session.ones(shape),
            (session, own, place) ->
                Mlp.of(ParameterFactory.given(session, own), MlpSpec.tanh(3, 2))));
  }
}

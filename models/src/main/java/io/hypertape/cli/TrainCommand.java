package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.data.DataSplit;
import io.hypertape.models.Activation;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.Tower;
import io.hypertape.run.DivergedException;
import io.hypertape.run.Evaluation;
import io.hypertape.run.RunFolder;
import io.hypertape.run.Trainer;
import io.hypertape.run.TrainingOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains a model and keeps the run in a folder. */
@Command(
    name = "train",
    description = {
      "Trains a classifier with a tower of optimizers.",
      "",
      "A tower is written from the bottom up, each optimizer tuning the hyperparameters of the one"
          + " before it: adam(1e-3)/sgd(1e-5), sgd(0.01, mu=0.9)/sgd(1e-4)^2,"
          + " adam(1e-3, tune=alpha)/sgd(1e-5). Optimizers: sgd, sgd-per-param, adagrad, rmsprop,"
          + " rmsprop-alpha, adam, adam-alpha.",
      ""
    })
final class TrainCommand implements Callable<Integer> {

  enum Model {
    MLP;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private CommandSpec spec;
  @Mixin private DataOptions dataOptions;
  @Mixin private BackendOptions backend;

  @Option(
      names = "--model",
      paramLabel = "mlp",
      description = "what to train (default: ${DEFAULT-VALUE})")
  private Model kind = Model.MLP;

  @Option(
      names = "--hidden",
      paramLabel = "N[,N…]|none",
      description = "sizes of the hidden layers (default: ${DEFAULT-VALUE})")
  private String hidden = "128";

  @Option(
      names = "--activation",
      paramLabel = "A[,A…]",
      description =
          "tanh, relu, sigmoid or none: one for all layers, the last one included as in the paper, or"
              + " one for each, as in relu,none (default: ${DEFAULT-VALUE})")
  private String activation = "tanh";

  @Option(
      names = "--optimizer",
      paramLabel = "TOWER",
      description = "the tower (default: ${DEFAULT-VALUE})")
  private Tower tower = Tower.parse("adam(1e-3)/sgd(1e-5)");

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "passes over the training set (default: ${DEFAULT-VALUE})")
  private int epochs = 5;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "images a step (default: ${DEFAULT-VALUE})")
  private int batch = 256;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "of the weights and the order of images (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "folder for the run (default: runs/TIME)")
  private Path out;

  @Option(
      names = "--demo",
      description =
          "instead of one run, show in one picture how fixed SGD and towers of height 1, 2 and 3"
              + " depend on the step size that they start from")
  private boolean demo;

  private TrainCommand() {}

  @Override
  public Integer call() throws IOException {
    TrainingOptions options = options();
    form(1, 1);
    PrintStream err = System.err;
    try (Interrupt interrupt = new Interrupt();
        Session session = backend.open()) {
      err.println(session.description());
      if (demo) {
        return demo(session, options, interrupt, err);
      }
      // The folder first: a wrong one shall not cost the time to make the data.
      RunFolder folder = RunFolder.create(out == null ? RunFolder.stamped() : out);
      DataSplit data = dataOptions.load(err);
      Mlp model = Mlp.create(session, form(data), seed);
      folder.writeConfig(config(session, data, model));
      return train(session, model, data, options, folder, interrupt, err);
    }
  }

  private TrainingOptions options() {
    try {
      return new TrainingOptions(epochs, batch, seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  /** The form of the model; checked before anything is loaded, the ends then come from the data. */
  private MlpSpec form(int inputs, int classes) {
    try {
      List<Integer> sizes = new ArrayList<>(List.of(inputs));
      if (!hidden.equals("none")) {
        for (String size : hidden.split(",", -1)) {
          sizes.add(Integer.parseInt(size.trim()));
        }
      }
      sizes.add(classes);
      List<Activation> activations = new ArrayList<>();
      for (String name : activation.split(",", -1)) {
        activations.add(Activation.of(name.trim()));
      }
      return new MlpSpec(
          sizes,
          activations.size() == 1
              ? Collections.nCopies(sizes.size() - 1, activations.getFirst())
              : activations);
    } catch (NumberFormatException e) {
      throw new ParameterException(
          spec.commandLine(), "--hidden: '" + hidden + "' is no list of sizes; 128 or 256,128 fit");
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private MlpSpec form(DataSplit data) {
    return form(data.train().features(), data.train().classes());
  }

  private int train(
      Session session,
      Mlp model,
      DataSplit data,
      TrainingOptions options,
      RunFolder folder,
      Interrupt interrupt,
      PrintStream err)
      throws IOException {
    long steps = Trainer.steps(data, options);
    String title = tower + " on " + data.name() + ", " + model.spec().sizes();
    ProgressBar bar = new ProgressBar(err, Terminal.isInteractive(), "steps", steps);
    Map<String, String> notes = Map.of("tower", tower.toString(), "data", data.name());
    try (RunRecorder recorder =
        new RunRecorder(
            folder, model, notes, steps, epochs, System.out, bar, interrupt::isRequested)) {
      Trainer trainer = new Trainer(session, model, data, options, recorder);
      Evaluation test;
      try {
        test = trainer.run(tower);
      } catch (DivergedException e) {
        recorder.draw(title);
        throw e;
      }
      recorder.finish(title);
      err.println(trainer.mode());
      System.out.printf(
          Locale.ROOT,
          "%s in %s: test error %.2f%%, saved in %s%n",
          interrupt.isRequested() ? "interrupted" : "done",
          ProgressBar.duration(recorder.seconds()),
          100 * test.error(),
          folder.path());
      return interrupt.isRequested() ? 130 : 0;
    }
  }

  private int demo(Session session, TrainingOptions options, Interrupt interrupt, PrintStream err)
      throws IOException {
    RunFolder folder = RunFolder.create(out == null ? RunFolder.stamped() : out);
    int demoEpochs = spec.commandLine().getParseResult().hasMatchedOption("--epochs") ? epochs : 1;
    DataSplit data = dataOptions.load(err);
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("command", "train --demo");
    config.put("data", data.name());
    config.put("epochs", demoEpochs);
    config.put("batch", batch);
    config.put("seed", seed);
    config.put("backend", session.description());
    folder.writeConfig(config);
    return new Demo(session, form(data), data, demoEpochs, options, folder, interrupt)
        .run(System.out, err);
  }

  private Map<String, Object> config(Session session, DataSplit data, Mlp model) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("command", "train");
    config.put("data", data.name());
    config.put("train_images", data.train().size());
    config.put("test_images", data.test().size());
    config.put("model", kind.toString());
    config.put("sizes", model.spec().sizes());
    config.put(
        "activations", model.spec().activations().stream().map(Activation::toString).toList());
    config.put("optimizer", tower.toString());
    config.put("epochs", epochs);
    config.put("batch", batch);
    config.put("seed", seed);
    config.put("backend", session.description());
    config.put("hypertape", new VersionProvider().getVersion()[0]);
    config.put("java", Runtime.version().toString());
    return config;
  }
}

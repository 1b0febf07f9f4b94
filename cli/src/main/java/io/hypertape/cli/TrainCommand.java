package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.cli.spi.Interrupt;
import io.hypertape.cli.spi.OutputLostException;
import io.hypertape.cli.spi.ProgressBar;
import io.hypertape.data.DataSplit;
import io.hypertape.optim.Tower;
import io.hypertape.run.DivergedException;
import io.hypertape.run.Score;
import io.hypertape.run.Training;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.TrainingOptions;
import io.hypertape.run.folder.RunFolder;
import io.hypertape.run.folder.RunLock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
      "Trains a model of images, a table or a text with a tower of optimizers.",
      "",
      "auto(adam), auto(sgd(mu=0.9)) and the like tune their step size from any start"
          + " (docs/self-tuning.md).",
      "A tower is written from the bottom up, each optimizer tuning the hyperparameters of the one"
          + " before it: adam(1e-3)/sgd(1e-5), sgd(0.01, mu=0.9, decay=1e-4)/sgd(1e-4)^2,"
          + " adam(1e-3, tune=alpha)/sgd(1e-5). In a level log=alpha lets the next one move ln alpha,"
          + " logit=beta1+beta2 the logits of fractions, and within=alpha(1e-4..1) keeps alpha between"
          + " bounds. Optimizers: sgd, sgd-per-param, adagrad, rmsprop,"
          + " rmsprop-alpha, adam, adam-alpha, adamw; and, which find their step size or need no"
          + " schedule, dog, dowg, prodigy, dadapt-adam, dadapt-sgd, mechanic-sgd,"
          + " mechanic-adamw, schedule-free-sgd, schedule-free-adamw, hd-sgd, hd-adam, osgm and hdm."
          + " In a level average=8 or ema=0.999 averages weights for evaluation. After the levels may stand"
          + " clip=NORM, heldout=N, by which every N-th batch only tunes, and"
          + " schedule=SCHEDULE, as in adam(1e-3)/sgd(1e-5) clip=5 schedule=warmup(100, cosine),"
          + " and, also more than once, group(PATTERN, LEVELS), which gives the parameters that"
          + " PATTERN is the first to match levels of their own: group(*.bias|*.gamma, sgd(0.1)).",
      ""
    })
final class TrainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ModelOptions modelOptions;
  @Mixin private DataOptions dataOptions;
  @Mixin private TableOptions tableOptions;
  @Mixin private OptimizerOptions optimizerOptions;
  @Mixin private CoolDownOptions coolDownOptions;
  @Mixin private JudgementOptions judgementOptions;
  @Mixin private TrackingOptions trackingOptions;
  @Mixin private BackendOptions backend;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "passes over the training set (default: as many as --steps needs, or else mlp 5, cnn 3,"
              + " resnets 10, char-lstm 5; of tables"
              + " 30)")
  private Integer epochs;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "end after so many steps, within an epoch if need be")
  private Long steps;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "images, rows, or parallel streams of text, a step (default: mlp 256, cnn and resnets"
              + " 128, char-lstm 50; of tables 64)")
  private Integer batch;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description =
          "of the weights and the order and variation of images (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "folder for the run (default: runs/TIME)")
  private Path out;

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description =
          "go on with the run in this folder, with its options and in its bits; --epochs or --steps"
              + " may ask for more")
  private Path resume;

  @Option(
      names = "--demo",
      description =
          "instead of one run, show in one picture how fixed SGD and towers of height 1, 2 and 3"
              + " depend on the step size that they start from (mlp)")
  private boolean demo;

  private TrainCommand() {}

  @Override
  public Integer call() throws IOException {
    try (Interrupt interrupt = new Interrupt()) {
      interrupt.otherwise(() -> "nothing was saved");
      return resume == null ? run(Optional.empty(), interrupt) : resume(interrupt);
    }
  }

  private Integer resume(Interrupt interrupt) throws IOException {
    if (demo || out != null) {
      throw wrong(
          (demo ? "--demo" : "--out") + " does not fit --resume, which names a run's folder");
    }
    RunFolder folder = RunFolder.open(resume);
    try (RunLock unused = folder.lock()) {
      StoredRun stored = StoredRun.read(folder);
      if (!spec.commandLine().getParseResult().hasMatchedOption("--data")) {
        dataOptions.downloadNothing();
      }
      String[] arguments = stored.arguments(spec);
      spec.commandLine().parseArgs(arguments);
      return run(Optional.of(stored), interrupt);
    }
  }

  private Integer run(Optional<StoredRun> stored, Interrupt interrupt) throws IOException {
    trackingOptions.check();
    ModelFamily family = modelOptions.family(dataOptions, tableOptions);
    TrainingOptions options = options(family);
    Tower tower = coolDownOptions.tower(optimizerOptions.tower(family.defaults().tower()));
    PrintStream err = System.err;
    try (Session session = backend.open()) {
      err.println(session.description());
      checkPrecision(tower, session);
      if (demo) {
        return demo(session, family, options, interrupt, err);
      }
      if (stored.isPresent()) {
        PreparedModel model = family.prepare(session, dataOptions, seed, err);
        return train(session, model, tower, options, stored.get().folder(), stored, interrupt, err);
      }
      // The folder first: a wrong one shall not cost the time to make the data.
      RunFolder folder = newFolder();
      try (RunLock unused = folder.lock()) {
        PreparedModel model = family.prepare(session, dataOptions, seed, err);
        return train(session, model, tower, options, folder, stored, interrupt, err);
      }
    }
  }

  private RunFolder newFolder() throws IOException {
    return out == null ? RunFolder.createStamped() : RunFolder.create(out);
  }

  private void checkPrecision(Tower tower, Session session) {
    try {
      tower.checkPrecision(session);
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private TrainingOptions options(ModelFamily family) {
    ModelFamily.Defaults defaults = family.defaults();
    atLeastOne("--epochs", epochs);
    atLeastOne("--steps", steps);
    atLeastOne("--batch", batch);
    batch = batch != null ? batch : defaults.batch();
    int otherwise =
        coolDownOptions.endsByItself() ? CoolDownOptions.MOST_EPOCHS : defaults.epochs();
    int wanted = epochs != null ? epochs : steps != null ? Integer.MAX_VALUE : otherwise;
    TrainingOptions options = new TrainingOptions(wanted, batch, seed);
    options = coolDownOptions.coolDown(family.metrics()).map(options::withCoolDown).orElse(options);
    options = judgementOptions.of(options, family.metrics());
    return steps == null ? options : options.limitedTo(steps);
  }

  private void atLeastOne(String option, Number given) {
    if (given != null && given.longValue() < 1) {
      throw wrong(option + " is " + given + "; at least 1 is needed");
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private int train(
      Session session,
      PreparedModel model,
      Tower plain,
      TrainingOptions options,
      RunFolder folder,
      Optional<StoredRun> stored,
      Interrupt interrupt,
      PrintStream err)
      throws IOException {
    try (RunRecorder recorder =
            new RunRecorder(folder, model, System.out, err, interrupt::isRequested);
        Tracking tracking = new Tracking()) {
      Training training = training(model, options, recorder, tracking);
      Tower asked = plain.over(training.steps());
      Tower tower = stored.map(run -> run.tower(asked)).orElse(asked);
      if (stored.isPresent()) {
        stored.get().checkData(model);
        stored.get().checkLength(spec, training);
        err.println(stored.get().outlook(session));
      }
      String title = tower + " on " + model.data() + ", " + model.form();
      Map<String, Object> config = config(session, model, tower, training, options);
      trackingOptions.open(tracking, folder, config, training.steps());
      recorder.expect(training, config, Map.of("tower", tower.toString(), "data", model.data()));
      stored.flatMap(StoredRun::state).ifPresent(recorder::resume);
      interrupt.otherwise(recorder::rescue);
      if (tower.schedule().isOnDemand()) {
        interrupt.gently(recorder::askCoolDown);
      }
      Score score;
      try {
        score = stored.isPresent() ? stored.get().resume(training, tower) : training.run(tower);
      } catch (DivergedException e) {
        recorder.draw(title);
        throw e.saying(recorder.kept());
      }
      recorder.finish(title);
      tracking.end(interrupt.isRequested());
      err.println(training.mode());
      if (recorder.lost().isPresent()) {
        throw unread(recorder.lost().get(), folder);
      }
      System.out.printf(
          Locale.ROOT,
          "%s in %s: %s, saved in %s%s%n",
          interrupt.isRequested() ? "interrupted" : "done",
          ProgressBar.duration(recorder.seconds()),
          score.text(),
          folder.path(),
          interrupt.isRequested() ? recorder.howToGoOn() : "");
      return interrupt.status();
    }
  }

  private Training training(
      PreparedModel model, TrainingOptions options, RunRecorder recorder, Tracking tracking) {
    recorder.judges(options.evaluateEvery(), options.best().isPresent());
    TrainingListener listeners = TrainingListener.all(tracking, recorder);
    return model.training(options, judgementOptions.parts(), listeners);
  }

  private static OutputLostException unread(OutputLostException e, RunFolder folder) {
    return new OutputLostException(
        e.getMessage()
            + "; the run was stopped, saved in "
            + folder.path()
            + ", and goes on with --resume "
            + folder.path(),
        e);
  }

  private int demo(
      Session session,
      ModelFamily family,
      TrainingOptions options,
      Interrupt interrupt,
      PrintStream err)
      throws IOException {
    if (!(family instanceof MlpFamily mlp)) {
      throw wrong("--demo is for --model mlp, not for --model " + modelOptions.kind());
    }
    if (options.coolDown().isPresent()) {
      throw wrong("--demo compares whole epochs; --until and --cool-down do not fit");
    }
    if (trackingOptions.areGiven()) {
      throw wrong("--demo makes one picture; --tensorboard and --mlflow do not fit");
    }
    if (options.shards().isPresent()) {
      throw wrong("--demo takes whole batches; --shards does not fit");
    }
    if (steps != null) {
      throw wrong("--demo compares whole epochs; --steps does not fit");
    }
    RunFolder folder = newFolder();
    try (RunLock unused = folder.lock()) {
      int demoEpochs = epochs != null ? epochs : 1;
      DataSplit data = dataOptions.images(err);
      int status =
          new Demo(session, mlp.form(data), data, demoEpochs, options, folder, interrupt)
              .run(System.out, err);
      // Last: a folder where this was killed can be used again.
      Map<String, Object> config = new LinkedHashMap<>();
      config.put("command", "train --demo");
      config.put("data", data.name());
      config.put("epochs", demoEpochs);
      config.put("batch", options.batch());
      config.put("seed", seed);
      config.put("backend", session.description());
      folder.writeConfig(config);
      return status;
    }
  }

  private Map<String, Object> config(
      Session session,
      PreparedModel model,
      Tower tower,
      Training training,
      TrainingOptions options) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("command", "train");
    config.putAll(model.config());
    config.put("optimizer", tower.toString());
    config.put("epochs", training.epochs());
    config.put("steps", training.steps());
    config.put("batch", options.batch());
    options.shards().ifPresent(shards -> config.put("shards", shards.text()));
    config.put("seed", seed);
    config.put("backend", session.description());
    config.put("hypertape", new VersionProvider().getVersion()[0]);
    config.put("java", Runtime.version().toString());
    config.put("options", StoredRun.options(spec));
    return config;
  }
}

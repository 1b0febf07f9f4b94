package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.data.DataSplit;
import io.hypertape.io.SafetensorsException;
import io.hypertape.models.Mlp;
import io.hypertape.run.Checkpoint;
import io.hypertape.run.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Tests a trained model. */
@Command(name = "evaluate", description = "Tests a trained model.")
final class EvaluateCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "MODEL",
      description = "a model.safetensors, or the folder of a run that has one")
  private Path place;

  @Mixin private DataOptions dataOptions;
  @Mixin private BackendOptions backend;

  private EvaluateCommand() {}

  @Override
  public Integer call() throws IOException {
    Path file = Files.isDirectory(place) ? place.resolve("model.safetensors") : place;
    try (Session session = backend.open()) {
      System.err.println(session.description());
      Mlp model = Checkpoint.read(session, file);
      DataSplit data = dataOptions.load(System.err);
      int inputs = model.spec().sizes().getFirst();
      int classes = model.spec().sizes().getLast();
      if (inputs != data.test().features() || classes != data.test().classes()) {
        throw new SafetensorsException(
            file
                + ": an MLP of sizes "
                + model.spec().sizes()
                + "; "
                + data.name()
                + " needs "
                + data.test().features()
                + " inputs and "
                + data.test().classes()
                + " classes");
      }
      Evaluation test = Evaluation.of(session, model, data.test());
      System.out.printf(
          Locale.ROOT,
          "%s on %s: %d images, test loss %.4f, test error %.2f%%%n",
          file,
          data.test().name(),
          test.images(),
          test.loss(),
          100 * test.error());
      return 0;
    }
  }
}

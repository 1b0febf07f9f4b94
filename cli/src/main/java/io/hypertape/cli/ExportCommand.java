package io.hypertape.cli;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.io.onnx.Onnx;
import io.hypertape.io.onnx.OnnxGraph;
import io.hypertape.models.Model;
import io.hypertape.run.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a trained model for other runtimes. */
@Command(
    name = "export",
    description = {
      "Writes a trained model as ONNX, which other runtimes read.",
      "",
      "A classifier goes from 'input' to 'log_probabilities', a char-lstm from 'symbols' (steps ×"
          + " texts), 'hidden' and 'cell' to 'log_probabilities', 'hidden_out' and 'cell_out'."
          + " Metadata say what becomes of pixels (mean, deviation), and have the names of classes"
          + " or the vocabulary."
    })
final class ExportCommand implements Callable<Integer> {

  /** What the metadata of a safetensors file say of its own form. */
  private static final String FORMAT = "format";

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "MODEL",
      description = "a model.safetensors, or the folder of a run that has one")
  private Path place;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "where to, such as model.onnx")
  private Path out;

  private ExportCommand() {}

  @Override
  public Integer call() throws IOException {
    Path file = StoredModel.file(place);
    if (Files.exists(out) && Files.exists(file) && Files.isSameFile(out, file)) {
      throw new ParameterException(
          spec.commandLine(), "--out is " + out + ", the model itself; name another file");
    }
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1))) {
      Checkpoint stored = StoredModel.read(session, file);
      Map<String, String> notes = new TreeMap<>(stored.metadata());
      notes.remove(FORMAT);
      Model model = stored.model();
      Onnx.write(out, model, notes);
      int numbers = model.parameters().stream().mapToInt(p -> p.size()).sum();
      System.out.printf(
          Locale.ROOT,
          "%s: %s of %d parameters, as ONNX of opset %d in %s (%d bytes)%n",
          Shown.text(file.toString()),
          model.family(),
          numbers,
          OnnxGraph.OPSET,
          Shown.text(out.toString()),
          Files.size(out));
      return 0;
    }
  }
}

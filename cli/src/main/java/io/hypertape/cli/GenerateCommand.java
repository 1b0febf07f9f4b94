package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.cli.spi.Terminal;
import io.hypertape.data.Vocabulary;
import io.hypertape.io.SafetensorsException;
import io.hypertape.models.CharLstm;
import io.hypertape.run.Checkpoint;
import io.hypertape.run.TextGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets a trained language model write. */
@Command(name = "generate", description = "Lets a trained language model write a text.")
final class GenerateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "MODEL",
      description = "a char-lstm's model.safetensors, or the folder of a run that has one")
  private Path place;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "what the text begins with (default: a line break)")
  private String prompt;

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "characters to write (default: ${DEFAULT-VALUE})")
  private int length = 500;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "0 takes the likeliest character each time, 1 draws by the model's probabilities, more"
              + " is bolder (default: ${DEFAULT-VALUE})")
  private double temperature = 1;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "of the draws (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  @Mixin private BackendOptions backend;

  private GenerateCommand() {}

  @Override
  public Integer call() throws IOException {
    if (length < 0) {
      throw wrong("--length is " + length + "; at least 0 is needed");
    }
    if (!(temperature >= 0)) {
      throw wrong("--temperature is " + temperature + "; at least 0 is needed");
    }
    if (prompt != null && prompt.isEmpty()) {
      throw wrong("--prompt is empty; at least a character is needed");
    }
    Path file = StoredModel.file(place);
    try (Session session = backend.open()) {
      System.err.println(session.description());
      Checkpoint stored = StoredModel.read(session, file);
      if (!(stored.model() instanceof CharLstm model)) {
        String classes =
            StoredModel.classNames(file, stored)
                .map(names -> ", but tells apart " + Shown.text(String.join(", ", names)))
                .orElse("");
        throw new SafetensorsException(
            file
                + ": "
                + stored.model().family()
                + " is no language model"
                + classes
                + "; char-lstm is one");
      }
      Vocabulary vocabulary = StoredModel.vocabulary(file, stored, model);
      TextGenerator generator = new TextGenerator(session, model, vocabulary);
      write(generator, prompt == null ? beginning(vocabulary) : prompt);
      return 0;
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** A line break, after which most texts begin; else any character that the model knows. */
  private static String beginning(Vocabulary vocabulary) {
    return vocabulary.contains('\n') ? "\n" : Character.toString(vocabulary.codePoint(0));
  }

  private void write(TextGenerator generator, String begin) {
    // The text may have any character, whatever the locale says; UTF-8 as it was read.
    PrintStream out = new PrintStream(ShownStream.raw(System.out), true, StandardCharsets.UTF_8);
    boolean terminal = Terminal.isOutput();
    boolean[] begun = {prompt == null};
    generator.generate(
        begin,
        length,
        temperature,
        seed,
        c -> {
          // The prompt only once it has been found to be one that the model knows.
          if (!begun[0]) {
            begin.codePoints().forEach(b -> out.print(shown(b, terminal)));
            begun[0] = true;
          }
          // As it comes: somebody may be reading along, or have read enough.
          out.print(shown(c, terminal));
          out.flush();
        });
    out.println();
    out.flush();
  }

  /** A character as it is on its way to a program; a terminal gets none that steers it. */
  static String shown(int codePoint, boolean terminal) {
    String text = Character.toString(codePoint);
    return terminal ? Shown.lines(text) : text;
  }
}

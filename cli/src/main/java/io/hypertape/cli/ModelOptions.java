package io.hypertape.cli;

import io.hypertape.data.Augmentation;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say what to train. Those that were not given are null. */
final class ModelOptions {

  @Option(
      names = "--model",
      paramLabel = "mlp|cnn|resnet20|resnet32|resnet56|char-lstm",
      description =
          "what to train (default: what the data are usually learned by; mlp for strokes, mnist and"
              + " tables, resnet20 for cifar10, cnn for images, char-lstm for text)")
  private ModelKind kind;

  @Option(
      names = "--hidden",
      paramLabel = "N[,N…]|none",
      description =
          "mlp: sizes of the hidden layers; char-lstm: units of a layer (default: 128; of tables"
              + " 64,64)")
  private String hidden;

  @Option(
      names = "--activation",
      paramLabel = "A[,A…]",
      description =
          "mlp: tanh, relu, sigmoid or none: one for all layers, the last one included as in the"
              + " paper, or one for each, as in relu,none (default: tanh; of tables relu, and none"
              + " after the last layer)")
  private String activation;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "char-lstm: recurrent layers (default: 2)")
  private Integer layers;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description = "char-lstm: probability to drop a value between layers (default: 0)")
  private Double dropout;

  @Option(
      names = "--unroll",
      paramLabel = "T",
      description = "char-lstm: characters a step, through which gradients flow (default: 50)")
  private Integer unroll;

  @Option(
      names = "--augment",
      paramLabel = "none|crop-and-flip",
      description =
          "images: vary training images by random crops and mirroring (default: crop-and-flip for"
              + " resnets, else none)")
  private Augmentation augmentation;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  ModelOptions() {}

  /** What shall be trained on these data. */
  ModelFamily family(DataOptions data, TableOptions table) {
    boolean isTable = data.named() == DataKind.TABLE;
    if (kind == null) {
      kind = data.named() == null ? ModelKind.MLP : data.named().usualModel();
    }
    data.settle(
        kind.toString(), isTable && kind == ModelKind.MLP ? DataKind.TABLE : kind.usualData());
    table.settle(isTable);
    boolean isText = kind == ModelKind.CHAR_LSTM;
    only(isText || kind == ModelKind.MLP, "--hidden", hidden, "mlp and char-lstm");
    only(kind == ModelKind.MLP, "--activation", activation, "mlp");
    only(isText, "--layers", layers, "char-lstm");
    only(isText, "--dropout", dropout, "char-lstm");
    only(isText, "--unroll", unroll, "char-lstm");
    only(!isText && !isTable, "--augment", augmentation, "models of images");
    settle(isText, isTable);
    try {
      return switch (kind) {
        case MLP ->
            isTable
                ? TableFamily.of(hidden, activation, table)
                : MlpFamily.of(hidden, activation, augmentation);
        case CNN -> new CnnFamily(augmentation);
        case RESNET20, RESNET32, RESNET56 -> new ResNetFamily(kind, augmentation);
        case CHAR_LSTM -> CharLstmFamily.of(hidden, layers, dropout, unroll);
      };
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private void only(boolean fits, String option, Object given, String models) {
    if (given != null && !fits) {
      throw wrong(option + " is for " + models + ", not for --model " + kind);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static <T> T or(T given, T otherwise) {
    return given == null ? otherwise : given;
  }

  /** What was not given and has a meaning for the model. */
  private void settle(boolean isText, boolean isTable) {
    boolean isMlp = kind == ModelKind.MLP;
    if (isText || isMlp) {
      hidden = or(hidden, isTable ? "64,64" : "128");
    }
    if (isMlp) {
      activation = or(activation, isTable ? TableFamily.activations(hidden) : "tanh");
    }
    if (isText) {
      layers = or(layers, 2);
      dropout = or(dropout, 0.0);
      unroll = or(unroll, 50);
    } else if (!isTable) {
      boolean plain = isMlp || kind == ModelKind.CNN;
      augmentation = or(augmentation, plain ? Augmentation.NONE : Augmentation.CROP_AND_FLIP);
    }
  }

  ModelKind kind() {
    return kind;
  }
}

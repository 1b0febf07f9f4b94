package io.hypertape.data;

/** Copies a set's examples into batches. */
interface ExampleCopier {

  /** Begins an epoch of examples as they are. */
  default void plain() {}

  /** Begins an epoch of examples that are varied, if they are to be. */
  default void varied(long seed, int epoch) {}

  /** Copies an example to a batch's row. */
  void copy(int example, BatchArrays into, int row);

  /** As the set itself gives them. */
  static ExampleCopier of(Dataset data) {
    if (data instanceof LabeledImages images) {
      return new PreparedImages(images, Preparation.none(images.channels()));
    }
    int features = data.features();
    return (example, into, row) -> {
      data.copyInput(example, into.inputs(), row * features);
      into.putTarget(row, data, example);
    };
  }
}

package io.hypertape.kernels.generator;

import io.hypertape.kernels.generator.UpdateTable.Row;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The updates by name, with what they read, write and add: what the table has in their heads. */
final class UpdateOpSource {

  private static final String HEAD =
      """
      package io.hypertape.kernels.updates;

      import java.util.ArrayList;
      import java.util.List;

      /**
       * What optimizers do to each weight, in one pass over memory: new values and states of old ones,
       * and sums over the weights. An update is followed by its {@code _HYPER} twin, the derivative: of
       * the cotangent c of the new parameter, and what the update has read, it gives for each scalar that
       * counts the sum ⟨c, ∂p'/∂scalar⟩, and it takes the update's scalars, be they needed or not.
       * Products and quotients are rounded one by one, in the order in which they are written here; a
       * running mean is that of {@link #RMSPROP}, β·m + (1−β)·x with the digits of a β that a float
       * cannot tell from 1.
       *
       * <p>No pass can be faster than its operands come from memory, which is its floor: four bytes a
       * weight for each vector that it reads or writes, told of each kernel below.
       */
      public enum UpdateOp {
      """;

  private static final String MEMBERS =
      """
        private final List<String> inputs;
        private final List<String> outputs;
        private final List<String> vectors;
        private final List<String> scalars;
        private final boolean[] decays;
        private final int sums;

        UpdateOp(String inputs, String outputs, String scalars, int sums) {
          this.inputs = words(inputs);
          this.outputs = words(outputs);
          List<String> all = new ArrayList<>(this.inputs);
          all.addAll(this.outputs);
          this.vectors = List.copyOf(all);
          this.scalars = words(scalars.replace("~", ""));
          this.sums = sums;
          List<String> marked = words(scalars);
          this.decays = new boolean[marked.size()];
          for (int i = 0; i < decays.length; i++) {
            decays[i] = marked.get(i).endsWith("~");
          }
        }

        private static List<String> words(String text) {
          return text.isEmpty() ? List.of() : List.of(text.split(" "));
        }

        /**
         * The vectors that it reads.
         *
         * @return their names, in order
         */
        public List<String> inputs() {
          return inputs;
        }

        /**
         * The vectors that it writes.
         *
         * @return their names, in order
         */
        public List<String> outputs() {
          return outputs;
        }

        /**
         * The scalars that it reads.
         *
         * @return their names, in order
         */
        public List<String> scalars() {
          return scalars;
        }

        /**
         * Whether a scalar is the decay of a running mean, of which 1 − β has to be exact too.
         *
         * @param scalar its place
         * @return true for beta1, beta2 and gamma
         */
        public boolean isDecay(int scalar) {
          return decays[scalar];
        }

        /**
         * How many sums it gives.
         *
         * @return 0 or more
         */
        public int sums() {
          return sums;
        }

        /**
         * The vectors that it reads and writes.
         *
         * @return inputs, then outputs
         */
        public List<String> vectors() {
          return vectors;
        }
      """;

  private final JavaText text = new JavaText();

  String source() {
    text.head(HEAD);
    Iterator<Row> rows = UpdateTable.rows().iterator();
    while (rows.hasNext()) {
      Row row = rows.next();
      List<String> words = new ArrayList<>(row.doc());
      int bytes = Float.BYTES * (row.inputs().size() + row.outputs().size());
      words.addAll(List.of("" + bytes, "bytes", "a", "weight."));
      text.comment(words);
      List<String> arguments =
          List.of(words(row.inputs()), words(row.outputs()), words(row.scalars()), "" + row.sums());
      text.call(row.name(), arguments, rows.hasNext() ? "," : ";");
    }
    text.head("\n" + MEMBERS);
    text.close();
    return text.toString();
  }

  private static String words(List<String> names) {
    return '"' + String.join(" ", names) + '"';
  }
}

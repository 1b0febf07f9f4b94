package io.hypertape.kernels.generator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Copies of many short rows: a loop for each order of their elements. */
final class RowCopySource {

  /**
   * What each copy does, and then its name, how it goes through a row, the vectors a and b that it
   * reads, and those that it writes.
   *
   * <p>A row is a VECTOR; a PART of one; vectors the last of which begins EARLY, so that it is
   * whole; or vectors and a REST. A place has in a part, after a colon, its lanes, if others may
   * not be read or must not be written. A vector's lanes may be rearranged; of two, the second has
   * some lanes.
   */
  private static final String COPIES =
      """
      {@link #plain} for rows of a vector or more.
      vectors | EARLY | from + j | into + j = a
      {@link #plain} for rows shorter than a vector.
      narrow | PART | from : n | into : n = a
      {@link #everySecond} for rows of a vector. Reads nothing beyond the last element.
      everySecondOfTwo | VECTOR | from; from + L - 1 | into = EVEN(a) UPPER_HALF ODD(b)
      {@link #everySecond} for other rows.
      everySecondOfAny | REST | from + 2 * j : 2 * (n - whole) - 1; \
      from + 2 * j + L - 1 : 2 * (n - whole) - L | into + j : n - whole = EVEN(a) UPPER_HALF ODD(b)
      Elements of two rows in turn, n in all. Rows of x are readable to a whole vector.
      inTurn | REST | from + j / 2; from2 + j / 2 | into + j : n - whole = LOWER(a) ODD_LANES LOWER(b); \
      into + j + L : n - whole - L = UPPER(a) ODD_LANES UPPER(b)
      Interleaves rows of two images, of n elements each, half a vector at most.
      pair | PART | from : n; from2 : n | into : 2 * n = LOWER(a) ODD_LANES LOWER(b)
      {@link #pair} with every second element, n of each row.
      pairEverySecond | PART | from : 2 * n - 1; from2 : 2 * n - 1 | \
      into : 2 * n = EVEN_TWICE(a) ODD_LANES EVEN_TWICE(b)
      The inverse of {@link #pair}; rows of x are readable to a whole vector.
      unpair | PART | from | into : n = EVEN(a); into2 : n = ODD(a)
      The same with elements in turn, odd ones from at2; rows of n elements, a vector at most.
      unpairInTurn | PART | from; from2 | into : n = EVEN_TWICE(a) ODD_LANES EVEN_TWICE(b); \
      into2 : n = ODD_TWICE(a) ODD_LANES ODD_TWICE(b)
      """;

  private static final String HEAD =
      """
      package io.hypertape.kernels.convolution;

      import io.hypertape.kernels.lanes.LeafLoop;
      import io.hypertape.kernels.lanes.VectorCopies;
      import io.hypertape.kernels.lanes.VectorRows;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorMask;
      import jdk.incubator.vector.VectorShuffle;
      import jdk.incubator.vector.VectorSpecies;

      /**
       * Copies of many short rows of n elements, for which a call of arraycopy each would cost more than
       * the copy; as they are, every second element, or two rows' elements in turn. Rows of x begin at
       * {@code at + i · step}, those of out at {@code to + i · outStep}; second ones, such as another
       * image's, at {@code at2} and {@code to2} and as far apart.
       */
      @LeafLoop
      final class RowCopies {

        private static final VectorSpecies<Float> S = VectorRows.S;
        private static final int L = S.length();

        // Elements 0, 2, 4 … of a vector in its lower half; 1, 3, 5 …, in the upper half, too.
        private static final VectorShuffle<Float> EVEN = VectorShuffle.iota(S, 0, 2, true);
        private static final VectorShuffle<Float> ODD = VectorShuffle.iota(S, 1, 2, true);

        // Each element of a half twice; elements 0, 0, 2, 2, 4, 4 …; and 1, 1, 3, 3, 5, 5 ….
        private static final VectorShuffle<Float> LOWER = VectorShuffle.fromOp(S, i -> i / 2);
        private static final VectorShuffle<Float> UPPER = VectorShuffle.fromOp(S, i -> L / 2 + i / 2);
        private static final VectorShuffle<Float> EVEN_TWICE = VectorShuffle.fromOp(S, i -> i / 2 * 2);
        private static final VectorShuffle<Float> ODD_TWICE = VectorShuffle.fromOp(S, i -> i / 2 * 2 + 1);

        private static final VectorMask<Float> ODD_LANES = VectorMask.fromLong(S, 0xAAAA_AAAA_AAAA_AAAAL);
        private static final VectorMask<Float> UPPER_HALF = VectorMask.fromLong(S, -1L << (L / 2));

        private RowCopies() {}

        /** Rows as they are. */
        static void plain(
            int rows, int n, float[] x, int at, int step, float[] out, int to, int outStep) {
          if (n % L == 0 && n <= 2 * L) {
            VectorCopies.rows(rows, n / L, x, at, step, out, to, outStep);
          } else if (n < L) {
            narrow(rows, n, x, at, step, out, to, outStep);
          } else {
            vectors(rows, n, x, at, step, out, to, outStep);
          }
        }

        /** Elements 0, 2, 4 … of rows. */
        static void everySecond(
            int rows, int n, float[] x, int at, int step, float[] out, int to, int outStep) {
          if (n == L) {
            everySecondOfTwo(rows, n, x, at, step, out, to, outStep);
          } else {
            everySecondOfAny(rows, n, x, at, step, out, to, outStep);
          }
        }
      """;

  private final JavaText text = new JavaText();

  /** Names of the present copy's masks, by their lanes. */
  private final Map<String, String> masks = new LinkedHashMap<>();

  String source() {
    text.head(HEAD);
    List<String> lines = COPIES.lines().toList();
    for (int i = 0; i < lines.size(); i += 2) {
      String[] cells = lines.get(i + 1).split(" \\| ");
      copy(lines.get(i), cells[0], cells[1], cells[2].split("; "), cells[3].split("; "));
    }
    text.close();
    return text.toString();
  }

  private void copy(String what, String name, String way, String[] reads, String[] writes) {
    boolean reads2 = String.join("", reads).contains("from2");
    boolean writes2 = String.join("", writes).contains("into2");
    text.method(what, "void " + name, parameters(reads2, writes2));
    boolean rest = way.equals("REST");
    boolean part = rest || way.equals("PART");
    boolean loops = rest || way.equals("EARLY");
    // Vectors that are written in a turn lie one behind the other.
    String step = writes.length == 1 ? "L" : "(" + writes.length + " * L)";
    if (loops) {
      text.lines("int whole = n / " + step + " * " + step + ";");
    }
    masks.clear();
    if (part) {
      Stream.concat(Stream.of(reads), Stream.of(writes)).forEach(this::mask);
    }
    text.lines("for (int i = 0; i < rows; i++) {\nint from = at + i * step;");
    text.lines(reads2 ? "int from2 = at2 + i * step;" : "");
    text.lines("int into = to + i * outStep;");
    text.lines(writes2 ? "int into2 = to2 + i * outStep;" : "");
    if (loops) {
      text.lines("for (int j = 0; j < whole; j += " + step + ") {");
      turn(false, reads, writes);
      text.close();
      text.lines(rest ? "if (whole < n) {\nint j = whole;" : "int j = n - L;");
    }
    turn(part, reads, writes);
    if (rest) {
      text.close();
    }
    text.close();
    text.close();
  }

  private static List<String> parameters(boolean reads2, boolean writes2) {
    List<String> all = new ArrayList<>(List.of("int rows", "int n", "float[] x", "int at"));
    all.addAll(reads2 ? List.of("int at2", "int step") : List.of("int step"));
    all.addAll(List.of("float[] out", "int to"));
    all.addAll(writes2 ? List.of("int to2", "int outStep") : List.of("int outStep"));
    return all;
  }

  private void mask(String vector) {
    String[] place = vector.split(" = ")[0].split(" : ");
    if (place.length == 2 && !masks.containsKey(place[1])) {
      String name = "some" + masks.size();
      masks.put(place[1], name);
      text.lines("VectorMask<Float> " + name + " = S.indexInRange(0, " + place[1] + ");");
    }
  }

  /** The vectors of a turn, masked in a part. */
  private void turn(boolean part, String[] reads, String[] writes) {
    for (int v = 0; v < reads.length; v++) {
      String vector = "FloatVector.fromArray(S, x, " + place(part, reads[v]) + ");";
      text.lines("FloatVector " + "ab".charAt(v) + " = " + vector);
    }
    for (String write : writes) {
      String value =
          write
              .split(" = ")[1]
              .replaceAll("(\\w+)\\((\\w)\\)", "$2.rearrange($1)")
              .replaceAll(" (\\w+) (.*)", ".blend($2, $1)");
      text.lines(value + ".intoArray(out, " + place(part, write) + ");");
    }
  }

  private String place(boolean part, String vector) {
    String[] words = vector.split(" = ")[0].split(" : ");
    return words[0] + (part && words.length == 2 ? ", " + masks.get(words[1]) : "");
  }
}

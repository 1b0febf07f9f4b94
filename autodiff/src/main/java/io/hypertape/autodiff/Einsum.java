package io.hypertape.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * Einstein's summation over two tensors: sums of what only one of them has, then one product of
 * stacks of matrices, or of elements where no letter is summed over or none is left.
 *
 * @param equation as it was written, for errors
 * @param first letters of the first tensor's axes
 * @param second letters of the second's
 * @param result letters of the result's
 */
record Einsum(String equation, String first, String second, String result) {

  /**
   * Reads an equation.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Einsum of(String equation) {
    String text = equation.replace(" ", "");
    int arrow = text.indexOf("->");
    String[] operands = (arrow < 0 ? text : text.substring(0, arrow)).split(",", -1);
    if (operands.length != 2) {
      throw refused(equation, operands.length + " tensors are named; two are needed");
    }
    String result = arrow < 0 ? once(operands[0], operands[1]) : text.substring(arrow + 2);
    for (String part : List.of(operands[0], operands[1], result)) {
      checkLetters(equation, part);
    }
    for (char letter : result.toCharArray()) {
      if (operands[0].indexOf(letter) < 0 && operands[1].indexOf(letter) < 0) {
        throw refused(equation, "'" + letter + "' of the result is in neither tensor");
      }
    }
    return new Einsum(equation, operands[0], operands[1], result);
  }

  /** What stands in one of them only, and sorted. */
  private static String once(String first, String second) {
    StringBuilder letters = new StringBuilder();
    (first + second)
        .chars()
        .sorted()
        .filter(c -> (first.indexOf(c) < 0) != (second.indexOf(c) < 0))
        .forEach(c -> letters.append((char) c));
    return letters.toString();
  }

  private static void checkLetters(String equation, String part) {
    TreeSet<Character> seen = new TreeSet<>();
    for (char letter : part.toCharArray()) {
      if (!(letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z')) {
        throw refused(
            equation,
            "'" + letter + "' is no letter; \"ij,jk->ik\" would fit (there is no ellipsis)");
      }
      if (!seen.add(letter)) {
        throw refused(
            equation,
            "'"
                + letter
                + "' stands twice in \""
                + part
                + "\"; diagonals are not taken, each axis needs a letter of its own");
      }
    }
  }

  private static IllegalArgumentException refused(String equation, String what) {
    return new IllegalArgumentException("einsum: \"" + equation + "\": " + what);
  }

  Tensor apply(Tensor a, Tensor b) {
    checkAxes("first", first, a.requireFloating("einsum"));
    checkAxes("second", second, b.requireFloating("einsum"));
    String batch = letters(true, true, true);
    String rows = letters(true, false, true);
    String columns = letters(false, true, true);
    String summed = letters(true, true, false);
    int[] lengths = lengths(a, b, batch + rows + columns + summed);
    Tensor left = summedTo(a, first, batch + rows + summed);
    Tensor right = summedTo(b, second, batch + columns + summed);
    boolean elements = summed.isEmpty() || (rows + columns).isEmpty();
    Tensor product =
        elements
            ? ofElements(left, right, lengths, batch, rows, columns, summed)
            : ofMatrices(left, right, lengths, batch, rows, columns, summed);
    return product.permute(places(batch + rows + columns, result));
  }

  /** Which letters stand in these places and not in the others, in the order of the equation. */
  private String letters(boolean inFirst, boolean inSecond, boolean inResult) {
    StringBuilder found = new StringBuilder();
    for (char letter : (inFirst ? first : second).toCharArray()) {
      if (first.indexOf(letter) >= 0 == inFirst
          && second.indexOf(letter) >= 0 == inSecond
          && result.indexOf(letter) >= 0 == inResult) {
        found.append(letter);
      }
    }
    return found.toString();
  }

  private void checkAxes(String which, String letters, Tensor x) {
    if (x.rank() != letters.length()) {
      throw refused(
          equation,
          "the "
              + which
              + " tensor has shape "
              + Shapes.text(x.dims())
              + "; \""
              + letters
              + "\" needs "
              + letters.length()
              + (letters.length() == 1 ? " axis" : " axes"));
    }
  }

  private int[] lengths(Tensor a, Tensor b, String letters) {
    int[] lengths = new int[letters.length()];
    for (int i = 0; i < lengths.length; i++) {
      int inA = first.indexOf(letters.charAt(i));
      int inB = second.indexOf(letters.charAt(i));
      lengths[i] = inA >= 0 ? a.dims()[inA] : b.dims()[inB];
      if (inB >= 0 && b.dims()[inB] != lengths[i]) {
        throw refused(
            equation,
            "'"
                + letters.charAt(i)
                + "' has lengths "
                + lengths[i]
                + " and "
                + b.dims()[inB]
                + " in shapes "
                + Shapes.text(a.dims())
                + " and "
                + Shapes.text(b.dims())
                + ", which must be equal");
      }
    }
    return lengths;
  }

  /** Sums over the letters that are not kept, and puts the axes in the order of the others. */
  private static Tensor summedTo(Tensor x, String letters, String kept) {
    List<Integer> dropped = new ArrayList<>();
    StringBuilder left = new StringBuilder();
    for (int i = 0; i < letters.length(); i++) {
      if (kept.indexOf(letters.charAt(i)) < 0) {
        dropped.add(i);
      } else {
        left.append(letters.charAt(i));
      }
    }
    Tensor sums = dropped.isEmpty() ? x : x.sum(dropped.stream().mapToInt(i -> i).toArray());
    return sums.permute(places(left.toString(), kept));
  }

  private static int[] places(String letters, String order) {
    return order.chars().map(letters::indexOf).toArray();
  }

  /** [batch, rows, 1…, summed]·[batch, 1…, columns, summed], summed over the last. */
  private static Tensor ofElements(
      Tensor left,
      Tensor right,
      int[] lengths,
      String batch,
      String rows,
      String columns,
      String summed) {
    int[] shape = Arrays.copyOf(lengths, lengths.length);
    int begin = batch.length() + rows.length();
    int end = begin + columns.length();
    Arrays.fill(shape, begin, end, 1);
    Tensor a = left.reshape(shape);
    shape = Arrays.copyOf(lengths, lengths.length);
    Arrays.fill(shape, batch.length(), begin, 1);
    Tensor product = a.mul(right.reshape(shape));
    if (summed.isEmpty()) {
      return product;
    }
    int[] axes = new int[summed.length()];
    Arrays.setAll(axes, i -> end + i);
    return product.sum(axes);
  }

  /** [batch, rows, summed]·[batch, columns, summed]ᵀ, each group of letters as one axis. */
  private static Tensor ofMatrices(
      Tensor left,
      Tensor right,
      int[] lengths,
      String batch,
      String rows,
      String columns,
      String summed) {
    int begin = batch.length();
    int b = size(lengths, 0, begin);
    int m = size(lengths, begin, begin + rows.length());
    int n = size(lengths, begin + rows.length(), lengths.length - summed.length());
    int k = size(lengths, lengths.length - summed.length(), lengths.length);
    Tensor a = batch.isEmpty() ? left.reshape(m, k) : left.reshape(b, m, k);
    Tensor c = batch.isEmpty() ? right.reshape(n, k) : right.reshape(b, n, k);
    return a.matmulTransposed(c).reshape(Arrays.copyOf(lengths, lengths.length - summed.length()));
  }

  private static int size(int[] lengths, int from, int to) {
    return Shapes.size(Arrays.copyOfRange(lengths, from, to));
  }
}

package io.hypertape.data.table;

import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** How the cells of a column become inputs of a model. */
sealed interface TableFeature {

  /** Its column. */
  String column();

  /** How many inputs it makes. */
  int width();

  /** What becomes of missing cells. */
  Missing missing();

  /** What the inputs are called. */
  List<String> names();

  /**
   * The code of every row: a standardized number, or the number of a category; NaN for a missing
   * one, and −1 for a category that is none of those.
   */
  float[] codes(DataTable table, int... rows);

  /** Writes the inputs that a code stands for, into zeros. */
  void write(float code, float[] into, int at);

  /**
   * A number.
   *
   * @param mean of those to learn from
   * @param deviation of those to learn from
   * @param flagged whether an input more tells that it was missing
   */
  record OfNumber(String column, Missing missing, double mean, double deviation, boolean flagged)
      implements TableFeature {

    public OfNumber {
      if (!Double.isFinite(mean) || !(deviation > 0) || Double.isInfinite(deviation)) {
        throw new IllegalArgumentException(
            "column "
                + column
                + ": a mean of "
                + mean
                + " and a deviation of "
                + deviation
                + "; finite numbers are needed, and a deviation above 0");
      }
    }

    @Override
    public int width() {
      return flagged ? 2 : 1;
    }

    @Override
    public List<String> names() {
      return flagged ? List.of(column, column + " missing") : List.of(column);
    }

    @Override
    public float[] codes(DataTable table, int... rows) {
      TableColumn cells = table.column(column);
      float[] codes = new float[rows.length];
      for (int i = 0; i < rows.length; i++) {
        codes[i] = (float) ((CellReader.number(table, cells, rows[i]) - mean) / deviation);
      }
      return codes;
    }

    @Override
    public void write(float code, float[] into, int at) {
      boolean isMissing = Float.isNaN(code);
      into[at] = isMissing ? 0 : code;
      if (flagged) {
        into[at + 1] = isMissing ? 1 : 0;
      }
    }
  }

  /**
   * A category.
   *
   * @param words the categories
   * @param flagged whether to be missing is one more
   */
  record OfCategory(String column, Missing missing, List<String> words, boolean flagged)
      implements TableFeature {

    /** More would make inputs that are 0 almost everywhere, as of a column that names its row. */
    static final int MOST = 1000;

    public OfCategory {
      words = Nulls.copy(words, "category: words");
      if (new TreeSet<>(words).size() != words.size()) {
        throw new IllegalArgumentException("column " + column + ": a category stands there twice");
      }
    }

    @Override
    public int width() {
      return words.size() + (flagged ? 1 : 0);
    }

    @Override
    public List<String> names() {
      List<String> names =
          new ArrayList<>(words.stream().map(word -> column + "=" + word).toList());
      if (flagged) {
        names.add(column + " missing");
      }
      return names;
    }

    @Override
    public float[] codes(DataTable table, int... rows) {
      TableColumn cells = table.column(column);
      Map<String, Integer> known = new HashMap<>();
      words.forEach(word -> known.put(word, known.size()));
      float[] codes = new float[rows.length];
      for (int i = 0; i < rows.length; i++) {
        codes[i] =
            cells.isMissing(rows[i]) ? Float.NaN : known.getOrDefault(cells.text(rows[i]), -1);
      }
      return codes;
    }

    @Override
    public void write(float code, float[] into, int at) {
      for (int k = 0; k < width(); k++) {
        into[at + k] = 0;
      }
      if (code >= 0) {
        into[at + (int) code] = 1;
      } else if (Float.isNaN(code) && flagged) {
        into[at + words.size()] = 1;
      }
    }
  }
}

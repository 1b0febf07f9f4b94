package io.hypertape.data.table;

import io.hypertape.checks.Places;
import java.util.Arrays;

/** A column of a table: cells that are numbers, texts or missing. Immutable. */
public final class TableColumn {

  private static final int MISSING = -1;
  private static final int FIRST = 64;

  /** Of a column of numbers, more texts than these are not kept. */
  private static final int MAX_TEXTS = 1 << 16;

  private final String name;
  private final double[] numbers;
  // Numbers of texts; −1 for a missing one. Empty if the numbers are all there is.
  private final int[] codes;
  private final TextPool texts;
  private final boolean numeric;
  private final int missing;

  private TableColumn(Builder from) {
    this.name = from.name;
    this.numbers = Arrays.copyOf(from.numbers, from.size);
    this.texts = from.texts;
    texts.seal();
    this.codes = from.keepsTexts ? Arrays.copyOf(from.codes, from.size) : new int[0];
    this.numeric = from.words == 0;
    this.missing = from.missing;
  }

  /** Gathers cells. */
  static final class Builder {

    private final String name;
    private double[] numbers = new double[FIRST];
    private int[] codes = new int[FIRST];
    private final TextPool texts = new TextPool();
    private boolean keepsTexts = true;
    private int size;
    private int words;
    private int missing;

    Builder(String name) {
      this.name = name;
    }

    /** Fills up with missing cells. */
    void padTo(int rows) {
      while (size < rows) {
        put(Double.NaN, MISSING);
        missing++;
      }
    }

    void text(String text) {
      double number = CellText.number(text);
      if (Double.isNaN(number)) {
        keepTexts();
        words++;
      }
      put(number, keepsTexts ? code(text) : MISSING);
    }

    void number(double number) {
      if (Double.isNaN(number)) {
        padTo(size + 1);
      } else {
        put(number, keepsTexts ? code(CellText.text(number)) : MISSING);
      }
    }

    private void put(double number, int code) {
      if (size == numbers.length) {
        int room = Math.max(FIRST, size + size / 2);
        numbers = Arrays.copyOf(numbers, room);
        codes = keepsTexts ? Arrays.copyOf(codes, room) : codes;
      }
      numbers[size] = number;
      if (keepsTexts) {
        codes[size] = code;
      }
      size++;
    }

    private int code(String text) {
      int code = texts.find(text);
      if (code >= 0) {
        return code;
      }
      if (words == 0 && texts.size() == MAX_TEXTS) {
        // As it seems, the texts say no more than the numbers.
        keepsTexts = false;
        texts.clear();
        codes = new int[0];
        return MISSING;
      }
      return texts.add(text);
    }

    private void keepTexts() {
      if (!keepsTexts) {
        keepsTexts = true;
        words = 1;
        codes = new int[numbers.length];
        for (int i = 0; i < size; i++) {
          codes[i] = Double.isNaN(numbers[i]) ? MISSING : code(CellText.text(numbers[i]));
        }
      }
    }

    TableColumn column() {
      return new TableColumn(this);
    }
  }

  /**
   * What it is called.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * Number of cells.
   *
   * @return the table's rows
   */
  public int size() {
    return numbers.length;
  }

  /**
   * Whether every cell that is not missing is a number, and there is one.
   *
   * @return false if there are words, or nothing
   */
  public boolean isNumeric() {
    return numeric && missing < size();
  }

  /**
   * How many cells are missing.
   *
   * @return 0 to the number of rows
   */
  public int missing() {
    return missing;
  }

  /**
   * Whether a cell is missing.
   *
   * @param row from 0
   * @return true if nothing stands there
   */
  public boolean isMissing(int row) {
    Places.check(name + ": row", row, numbers.length);
    return Double.isNaN(numbers[row]) && (codes.length == 0 || codes[row] == MISSING);
  }

  /**
   * A cell as a number.
   *
   * @param row from 0
   * @return NaN if it is missing, or a word
   */
  public double number(int row) {
    return numbers[Places.check(name + ": row", row, numbers.length)];
  }

  /**
   * A cell as it was written.
   *
   * @param row from 0
   * @return the text; of a number as short as it can be told, where as it was written is not known;
   *     empty if the cell is missing
   */
  public String text(int row) {
    Places.check(name + ": row", row, numbers.length);
    if (codes.length == 0) {
      return Double.isNaN(numbers[row]) ? "" : CellText.text(numbers[row]);
    }
    return codes[row] == MISSING ? "" : texts.get(codes[row]);
  }

  @Override
  public String toString() {
    return name + (isNumeric() ? " (numbers)" : " (texts)");
  }
}

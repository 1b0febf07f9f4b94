package io.hypertape.optim;

/**
 * A tower's, a schedule's or a name pattern's text that cannot be read; the message points at the
 * character.
 */
public final class TowerSyntaxException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  /** Index of the character, from 0. */
  private final int position;

  TowerSyntaxException(String what, String text, int position, String problem) {
    super(
        what
            + ": "
            + problem
            + " at character "
            + (position + 1)
            + "\n  "
            + text
            + "\n  "
            + " ".repeat(position)
            + "^");
    this.position = position;
  }

  /**
   * Where reading failed.
   *
   * @return index of the character in the text, from 0
   */
  public int position() {
    return position;
  }
}

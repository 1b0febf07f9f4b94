package io.hypertape.autodiff.internal;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The operations that some work consists of, and what they gave: two logs of work that should do
 * the same tell where it does not. The work may have been recorded; then what its last replay gave
 * counts.
 */
public interface OperationLog {

  /** What operations gave, by 64 bits each; 0 for views of their operands. */
  final class Digests {
    private final long[] values;

    /**
     * Digests of operations.
     *
     * @param values one an operation, in their order
     */
    public Digests(long[] values) {
      this.values = values.clone();
    }

    /**
     * Where others differ.
     *
     * @param others what the same operations gave elsewhere
     * @return the place of the first operation that gave something else; negative if none did
     */
    public int mismatch(Digests others) {
      return Arrays.mismatch(values, others.values);
    }
  }

  /**
   * Does work and notes its operations.
   *
   * @param work the work
   * @param <T> what it gives
   * @return what it gave
   */
  <T> T during(Supplier<T> work);

  /**
   * Tells whether the parameters that are not of the work's own tape lie where they were read:
   * those of another optimizer lie elsewhere after each of its steps.
   *
   * @return false if a replay of the work would read values of another time
   */
  boolean readsWhereItDid();

  /**
   * What the operations gave. Waits for the backend; the storage must still hold it.
   *
   * @return a digest of each, equal for equal bits (all values that are no number count as equal)
   */
  Digests digests();

  /**
   * Where other work consists of other operations.
   *
   * @param other a log of that work
   * @return the first difference in names, shapes or number; empty if there is none
   */
  Optional<String> differsInOperations(OperationLog other);

  /**
   * Where the same operations gave other values.
   *
   * @param these what those of this log gave
   * @param others what those of another log gave, which has the same operations
   * @return the first operation that differs; empty if none does
   */
  Optional<String> differsInValues(Digests these, Digests others);
}

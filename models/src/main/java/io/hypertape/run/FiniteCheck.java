package io.hypertape.run;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.models.Model;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether a model's numbers, weights and running statistics, are numbers: one that is NaN or
 * infinite makes all outputs so, and nothing mends it any more. One pass over them, away from the
 * backend.
 *
 * @param unfit the tensors that have such numbers, in the model's order
 * @param size how many numbers all tensors have
 */
public record FiniteCheck(List<Unfit> unfit, long size) {

  private static final int MOST = 4;

  /**
   * A tensor that has numbers which are NaN or infinite.
   *
   * @param name the tensor's
   * @param count how many such numbers it has
   * @param size how many numbers it has
   */
  public record Unfit(String name, long count, long size) {

    /** Checks that there is a name. */
    public Unfit {
      Nulls.check(name, "finite check: name");
    }

    @Override
    public String toString() {
      return name + " (" + count + " of " + size + ")";
    }
  }

  /** Keeps a copy of the list. */
  public FiniteCheck {
    unfit = Nulls.copy(unfit, "finite check: unfit");
  }

  /**
   * Checks a model as it is now.
   *
   * @param model the model
   * @return what was found
   */
  public static FiniteCheck of(Model model) {
    Nulls.check(model, "finite check: model");
    return of(Asked.parameters(model, "finite check"), Asked.buffers(model, "finite check"));
  }

  static FiniteCheck of(List<Parameter> parameters, List<Buffer> buffers) {
    Counting counting = new Counting();
    for (Parameter parameter : new LinkedHashSet<>(parameters)) {
      Tensor value = parameter.value();
      // In the precision that it is in: in another it might be finite, or not.
      if (value.dtype() == DType.F32) {
        counting.add(parameter.name(), value.toFloats());
      } else {
        counting.add(parameter.name(), value.toDoubles());
      }
    }
    for (Buffer buffer : new LinkedHashSet<>(buffers)) {
      counting.add(buffer.name(), buffer.toDoubles());
    }
    return counting.result();
  }

  /** Goes through tensors one by one. */
  static final class Counting {

    private final List<Unfit> unfit = new ArrayList<>();
    private long size;

    void add(String name, float[] values) {
      long count = 0;
      for (float value : values) {
        count += Float.isFinite(value) ? 0 : 1;
      }
      add(name, count, values.length);
    }

    void add(String name, double[] values) {
      long count = 0;
      for (double value : values) {
        count += Double.isFinite(value) ? 0 : 1;
      }
      add(name, count, values.length);
    }

    private void add(String name, long count, long length) {
      size += length;
      if (count > 0) {
        unfit.add(new Unfit(name, count, length));
      }
    }

    FiniteCheck result() {
      return new FiniteCheck(unfit, size);
    }
  }

  /**
   * Whether all numbers are finite.
   *
   * @return true if so
   */
  public boolean passed() {
    return unfit.isEmpty();
  }

  /**
   * How many numbers are not finite.
   *
   * @return their number, of {@link #size}
   */
  public long count() {
    return unfit.stream().mapToLong(Unfit::count).sum();
  }

  /**
   * What was found, for people.
   *
   * @return such as {@code 12 of 6370 weights are no finite numbers: layers.0.weight (12 of 6272)}
   */
  public String text() {
    String names =
        unfit.stream().limit(MOST).map(Unfit::toString).collect(Collectors.joining(", "));
    int more = unfit.size() - MOST;
    return count()
        + " of "
        + size
        + (size == 1 ? " weight" : " weights")
        + (count() == 1 ? " is no finite number" : " are no finite numbers")
        + (passed() ? "" : ": " + names)
        + (more > 0 ? " and " + more + " more" : "");
  }
}

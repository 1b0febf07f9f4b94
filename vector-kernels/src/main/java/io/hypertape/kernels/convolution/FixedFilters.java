package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.Floats;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Filters that do not change any more, such as a served model's: they are packed once, for all
 * calls of all kernels that they are given to.
 */
public final class FixedFilters {

  private final Floats values;
  private final Map<Form, float[]> packed = new ConcurrentHashMap<>();

  /** What packing depends on, of filters that are the same. */
  private record Form(int lanes, int groups, int planes, int weightStep) {}

  /**
   * Filters whose numbers stay as they are.
   *
   * @param values [filters, channels / groups, rows, columns]
   */
  public FixedFilters(Floats values) {
    this.values = Objects.requireNonNull(values, "values");
  }

  /**
   * The numbers.
   *
   * @return as they were given
   */
  public Floats values() {
    return values;
  }

  /** As a forward product's plan has them. */
  float[] packed(ConvolutionPlan plan) {
    Form form = new Form(plan.lanes(), plan.out().groups(), plan.out().planes(), plan.weightStep());
    return packed.computeIfAbsent(
        form,
        unused -> {
          float[] panels = new float[ConvolutionPanels.size(plan)];
          ConvolutionPanels.pack(plan, values, panels);
          return panels;
        });
  }
}

package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a {@link SharedUpdate} comes to: each shared variable's new value. */
public final class SharedUpdated {

  private final List<String> names;
  // An element is null as long as the variable of that place has not been given.
  private final @Nullable Tensor[] values;

  SharedUpdated(List<String> names) {
    this(names, new Tensor[names.size()]);
  }

  private SharedUpdated(List<String> names, @Nullable Tensor[] values) {
    this.names = names;
    this.values = values;
  }

  /**
   * With another new value.
   *
   * @param name one of {@link Optimizer#shared}
   * @param newValue a tensor of its shape
   * @return the result with it
   * @throws IllegalArgumentException if there is none of that name, or it has been given already
   */
  public SharedUpdated with(String name, Tensor newValue) {
    Nulls.check(name, "with: name");
    return new SharedUpdated(
        names, Updated.given(names, values, name, newValue, "gives shared state", "shared"));
  }

  /** The first variable whose new value is not there. */
  Optional<String> missing() {
    return Updated.missing(names, values);
  }

  /** The new values in the order of their declaration. */
  List<Tensor> values() {
    return Arrays.asList(values);
  }
}

package io.hypertape.models;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the parameters of one model: each from random numbers of its own, so that equal seeds and
 * equal order give equal values on every backend, or from values that are there already.
 */
public final class ParameterFactory {

  /** Values that are there already, such as those of a file. */
  @FunctionalInterface
  public interface Values {

    /**
     * Looks a value up.
     *
     * @param name of the parameter or the buffer
     * @param shape what the model needs
     * @return a tensor of that shape
     * @throws IllegalArgumentException if there is none of that name and shape
     */
    Tensor of(String name, int... shape);
  }

  private static final long DROPOUT = 0x64726f706f7574L;

  private final Session session;
  private final long seed;
  // Empty: values are drawn.
  private final Optional<Values> values;
  private long stream;

  private ParameterFactory(Session session, long seed, Optional<Values> values) {
    this.session = Nulls.check(session, "parameter factory: session");
    this.seed = seed;
    this.values = values;
  }

  /**
   * For a new model.
   *
   * @param session whose tensors its parameters shall be
   * @param seed of the whole model
   */
  public ParameterFactory(Session session, long seed) {
    this(session, seed, Optional.empty());
  }

  /**
   * For a model whose values are there already; initializers are not asked.
   *
   * @param session whose tensors its parameters shall be
   * @param values parameters and buffers by name
   * @return the factory
   */
  public static ParameterFactory given(Session session, Values values) {
    Nulls.check(session, "parameter factory: session");
    Nulls.check(values, "parameter factory: values");
    return new ParameterFactory(session, 0, Optional.of(values));
  }

  /**
   * Makes a parameter.
   *
   * @param name its name, as PyTorch's state_dict would have it
   * @param shape its shape
   * @param initializer how it starts
   * @param fanIn inputs of a unit
   * @param fanOut outputs of a unit
   * @return the parameter
   */
  public Parameter parameter(
      String name, int[] shape, Initializer initializer, int fanIn, int fanOut) {
    Nulls.check(name, "parameter: name");
    Nulls.check(shape, "parameter: shape");
    Nulls.check(initializer, "parameter: initializer");
    try (Scope unused = session.scratch()) {
      Tensor start =
          values.isPresent()
              ? given(values.get(), name, shape)
              : fitting(
                  initializer.create(session, shape.clone(), seed, stream++, fanIn, fanOut),
                  name,
                  shape,
                  "initializer.create(…)");
      Parameter parameter = new Parameter(name, start);
      if (parameter.session() != session) {
        parameter.close();
        throw new IllegalArgumentException(
            name + ": its values belong to another session; the factory's is needed");
      }
      return parameter;
    }
  }

  /**
   * Makes a value that a model keeps beside its parameters.
   *
   * @param name its name, as PyTorch's state_dict would have it
   * @param shape its shape
   * @param value each element at the start
   * @return the value
   */
  public Buffer buffer(String name, int[] shape, double value) {
    Nulls.check(name, "buffer: name");
    Nulls.check(shape, "buffer: shape");
    try (Scope unused = session.scratch()) {
      Tensor start =
          values.isPresent() ? given(values.get(), name, shape) : session.full(shape, value);
      return new Buffer(name, start);
    }
  }

  private Tensor given(Values of, String name, int... shape) {
    return fitting(of.of(name, shape.clone()), name, shape, "values.of(name, shape)");
  }

  /** Of a user's own function anything may come. */
  private Tensor fitting(@Nullable Tensor start, String name, int[] shape, String what) {
    Nulls.check(start, what);
    if (!Arrays.equals(start.shape(), shape)) {
      throw new IllegalArgumentException(
          name
              + ": "
              + what
              + " gives "
              + Arrays.toString(start.shape())
              + "; "
              + Arrays.toString(shape)
              + " is needed");
    }
    return start;
  }

  /**
   * Makes a source of masks for dropout that no other layer of the model shares.
   *
   * @return the source
   */
  public DropoutCounter dropoutCounter() {
    // Masks and parameters draw from the same seed: another key keeps them apart.
    return new DropoutCounter(session, seed ^ DROPOUT ^ stream++ << 32);
  }

  /**
   * Where the parameters live.
   *
   * @return the session
   */
  public Session session() {
    return session;
  }
}

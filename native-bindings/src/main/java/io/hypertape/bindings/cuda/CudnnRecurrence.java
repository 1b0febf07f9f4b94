package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cudnn.Cudnn;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Recurrent layers by cuDNN. */
public final class CudnnRecurrence extends Resource {

  static final int CAPACITY = 32;

  private static final NativeFunction NO_DROPOUT =
      new NativeFunction(
          Api.CUDNN, "cudnnSetDropoutDescriptor", "dropout", "states", "bytes", "seed");

  private final CudnnHandle handle;
  private final MatmulPrecision precision;
  private final Descriptors descriptors = new Descriptors();
  private final Map<RecurrentShape, Optional<RecurrentPlan>> plans = new LinkedHashMap<>();
  private final List<Descriptors> leftOver = new ArrayList<>();
  private MemorySegment dropout = MemorySegment.NULL;

  private CudnnRecurrence(CudnnHandle handle, MatmulPrecision precision) {
    super(handle.owner());
    this.handle = handle;
    this.precision = precision;
    enter();
  }

  /**
   * Opens what keeps the plans of recurrent layers.
   *
   * @param handle cuDNN, closed after this
   * @param precision what products may be computed in
   * @return it
   */
  public static CudnnRecurrence create(CudnnHandle handle, MatmulPrecision precision) {
    handle.ensureOpen();
    return new CudnnRecurrence(handle, precision);
  }

  /**
   * Whether {@link #plan} is only a look-up.
   *
   * @param shape of the layers
   * @return false if cuDNN would have to be asked
   */
  public boolean isPlanned(RecurrentShape shape) {
    ensureOpen();
    return plans.containsKey(shape);
  }

  /**
   * How cuDNN computes layers.
   *
   * @param shape of the layers, of at most {@link RecurrentShape#LONGEST} steps
   * @return the plan, good until many other shapes were asked for; empty if cuDNN does not support
   *     such layers
   * @throws CudaException if cuDNN refuses
   */
  public Optional<RecurrentPlan> plan(RecurrentShape shape) {
    ensureOpen();
    Optional<RecurrentPlan> known = plans.get(shape);
    if (known != null) {
      return known;
    }
    if (plans.size() == CAPACITY) {
      Iterator<Optional<RecurrentPlan>> oldest = plans.values().iterator();
      Optional<RecurrentPlan> plan = oldest.next();
      oldest.remove();
      plan.ifPresent(this::leave);
    }
    Optional<RecurrentPlan> made = make(shape);
    plans.put(shape, made);
    return made;
  }

  private Optional<RecurrentPlan> make(RecurrentShape shape) {
    MemorySegment nothingDropped = noDropout();
    try {
      return Optional.of(
          new RecurrentPlan(handle, shape, precision.cudnnMathType(), nothingDropped));
    } catch (CudaException e) {
      if (CudnnHandle.isUnsupported(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Forgets a plan that cuDNN did not carry out: from now on there is none for this shape.
   *
   * @param shape of the layers
   * @throws CudaException if cuDNN refuses
   */
  public void giveUp(RecurrentShape shape) {
    Optional<RecurrentPlan> plan = plan(shape);
    if (plan.isPresent()) {
      // First: of what is closed nothing may be used any more, even if closing fails.
      plans.put(shape, Optional.empty());
      leave(plan.orElseThrow());
    }
  }

  /** Closes a plan that is not used any more; what refuses is closed with the rest. */
  private void leave(RecurrentPlan plan) {
    try {
      plan.descriptors().close();
    } catch (CudaException e) {
      leftOver.add(plan.descriptors());
      throw e;
    }
  }

  /** Layers want to be told in a descriptor of its own that nothing is dropped. */
  private MemorySegment noDropout() {
    if (dropout.address() == 0) {
      MemorySegment made = descriptors.add(Descriptor.Kind.DROPOUT).handle();
      int status =
          Cudnn.cudnnSetDropoutDescriptor(made, handle.segment(), 0, MemorySegment.NULL, 0, 0);
      if (status != Status.SUCCESS) {
        throw Status.failure(status, NO_DROPOUT, 0, 0, 0, 0);
      }
      dropout = made;
    }
    return dropout;
  }

  @Override
  String what() {
    return "CudnnRecurrence of " + handle.what();
  }

  @Override
  void release() {
    List<Descriptors> all = new ArrayList<>(leftOver);
    plans.values().forEach(plan -> plan.ifPresent(one -> all.add(one.descriptors())));
    all.add(descriptors);
    Closing.all(all);
  }
}

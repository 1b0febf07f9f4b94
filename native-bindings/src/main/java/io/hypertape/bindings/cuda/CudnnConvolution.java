package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cudnn.Cudnn;
import io.hypertape.bindings.generated.cudnn.cudnnConvolutionFwdAlgoPerfStruct;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Convolutions by cuDNN. The algorithm for a geometry is the one that cuDNN's heuristics put first
 * among those whose results are the same each time; none is measured, so that the choice is too.
 */
public final class CudnnConvolution extends Resource {

  /** More than a network has geometries, in three directions. */
  static final int CAPACITY = 1024;

  /** Algorithms that want more than this are passed over. */
  private static final long LARGEST_WORKSPACE = 256L << 20;

  private static final int MOST_RESULTS = 32;

  private record Key(ConvolutionDirection direction, ConvolutionGeometry geometry) {}

  private final CudnnHandle handle;
  private final int mathType;
  private final Map<Key, Optional<CudnnConvolutionPlan>> plans = new LinkedHashMap<>();
  private final List<AutoCloseable> leftOver = new ArrayList<>();

  private CudnnConvolution(CudnnHandle handle, MatmulPrecision precision) {
    super(handle.owner());
    this.handle = handle;
    this.mathType = precision.cudnnMathType();
    enter();
  }

  /**
   * Opens what keeps the plans of convolutions.
   *
   * @param handle cuDNN, closed after this
   * @param precision what products may be computed in
   * @return it
   */
  public static CudnnConvolution create(CudnnHandle handle, MatmulPrecision precision) {
    handle.ensureOpen();
    return new CudnnConvolution(handle, precision);
  }

  /**
   * Whether {@link #plan} has an answer already, so that asking is only a look-up.
   *
   * @param direction which product
   * @param geometry of what
   * @return false if cuDNN would have to be asked
   */
  public boolean isPlanned(ConvolutionDirection direction, ConvolutionGeometry geometry) {
    ensureOpen();
    return plans.containsKey(new Key(direction, geometry));
  }

  /**
   * How cuDNN would compute a product.
   *
   * @param direction which product
   * @param geometry of what, with no length of 0
   * @return the plan, good until many other geometries were asked for; empty if cuDNN has no
   *     algorithm whose results are the same each time
   * @throws CudaException if cuDNN refuses
   */
  public Optional<CudnnConvolutionPlan> plan(
      ConvolutionDirection direction, ConvolutionGeometry geometry) {
    ensureOpen();
    Key key = new Key(direction, geometry);
    Optional<CudnnConvolutionPlan> known = plans.get(key);
    if (known != null) {
      return known;
    }
    makeRoom();
    Optional<CudnnConvolutionPlan> made = make(direction, geometry);
    plans.put(key, made);
    return made;
  }

  /**
   * Forgets a plan that cuDNN did not carry out: from now on there is none for this product.
   *
   * @param direction which product
   * @param geometry of what
   * @throws CudaException if cuDNN refuses
   */
  public void giveUp(ConvolutionDirection direction, ConvolutionGeometry geometry) {
    Optional<CudnnConvolutionPlan> plan = plan(direction, geometry);
    if (plan.isPresent()) {
      // First: of what is closed nothing may be used any more, even if closing fails.
      plans.put(new Key(direction, geometry), Optional.empty());
      leave(plan.orElseThrow());
    }
  }

  private void makeRoom() {
    if (plans.size() == CAPACITY) {
      Iterator<Optional<CudnnConvolutionPlan>> oldest = plans.values().iterator();
      Optional<CudnnConvolutionPlan> plan = oldest.next();
      oldest.remove();
      plan.ifPresent(this::leave);
    }
  }

  private Optional<CudnnConvolutionPlan> make(
      ConvolutionDirection direction, ConvolutionGeometry geometry) {
    CudnnConvolutionPlan plan = new CudnnConvolutionPlan(handle, direction, geometry, mathType);
    boolean found;
    try {
      found = choose(direction, plan);
    } catch (Throwable t) {
      Closing.after(t, plan.descriptors());
      throw t;
    }
    if (!found) {
      leave(plan);
      return Optional.empty();
    }
    return Optional.of(plan);
  }

  /** Closes a plan that comes to nothing; what refuses is closed with the rest. */
  private void leave(CudnnConvolutionPlan plan) {
    try {
      plan.descriptors().close();
    } catch (CudaException e) {
      leftOver.add(plan.descriptors());
      throw e;
    }
  }

  private boolean choose(ConvolutionDirection direction, CudnnConvolutionPlan plan) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment results =
          arena.allocate(cudnnConvolutionFwdAlgoPerfStruct.layout(), MOST_RESULTS);
      int status = direction.heuristics(plan, MOST_RESULTS, count, results);
      if (CudnnHandle.isUnsupported(status)) {
        return false;
      }
      if (status != Status.SUCCESS) {
        throw Status.failure(status, direction.heuristics(), plan.geometry());
      }
      for (int i = 0; i < ResultCells.int32(count); i++) {
        if (take(direction, plan, cudnnConvolutionFwdAlgoPerfStruct.asSlice(results, i), arena)) {
          return true;
        }
      }
      return false;
    }
  }

  private boolean take(
      ConvolutionDirection direction,
      CudnnConvolutionPlan plan,
      MemorySegment result,
      Arena arena) {
    int type = cudnnConvolutionFwdAlgoPerfStruct.mathType(result);
    if (cudnnConvolutionFwdAlgoPerfStruct.status(result) != Status.SUCCESS
        || cudnnConvolutionFwdAlgoPerfStruct.determinism(result) != Cudnn.CUDNN_DETERMINISTIC()
        || !isPrecise(type)) {
      return false;
    }
    if (mathType != Cudnn.CUDNN_FMA_MATH()) {
      plan.setMathType(type);
    }
    int algorithm = cudnnConvolutionFwdAlgoPerfStruct.algo(result);
    MemorySegment bytes = arena.allocate(ValueLayout.JAVA_LONG);
    int status = direction.workspace(plan, algorithm, bytes);
    if (CudnnHandle.isUnsupported(status)) {
      return false;
    }
    if (status != Status.SUCCESS) {
      throw Status.failure(status, direction.workspace(), plan.geometry(), algorithm);
    }
    if (ResultCells.int64(bytes) > LARGEST_WORKSPACE) {
      return false;
    }
    plan.choose(algorithm, ResultCells.int64(bytes));
    return true;
  }

  /** With FMA asked for, nothing that runs on tensor cores; the plan keeps asking for FMA. */
  private boolean isPrecise(int type) {
    return mathType != Cudnn.CUDNN_FMA_MATH()
        || type == Cudnn.CUDNN_FMA_MATH()
        || type == Cudnn.CUDNN_DEFAULT_MATH();
  }

  @Override
  String what() {
    return "CudnnConvolution of " + handle.what();
  }

  @Override
  void release() {
    List<AutoCloseable> all = new ArrayList<>(leftOver);
    plans.values().forEach(plan -> plan.ifPresent(one -> all.add(one.descriptors())));
    Closing.all(all);
  }
}

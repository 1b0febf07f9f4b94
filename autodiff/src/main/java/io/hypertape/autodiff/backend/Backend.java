package io.hypertape.autodiff.backend;

import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What a machine must be able to do to train: storage, elementwise operations, reductions, matrix
 * products and copies; no tensors and no derivatives. All else, and all of {@link LayerBackend}, is
 * optional, and only makes faster what is defined in these.
 *
 * <p>Shapes are checked above this interface, so an implementation may trust its arguments, but for
 * indices, whose values only it sees. Floating-point views have the backend's {@link #dtype()}.
 * Written views never overlap read ones and have no stride of 0.
 *
 * <p>A backend serves one thread at a time. It may run behind its caller: {@link #read} and {@link
 * #synchronize} wait.
 */
public interface Backend extends LayerBackend, AutoCloseable {

  /**
   * Short name, such as {@code reference}, {@code cpu} or {@code cuda}.
   *
   * @return the name
   */
  String name();

  /**
   * What was chosen and why, in one line.
   *
   * @return a line for people
   */
  String description();

  /**
   * What slower ways have been taken so far because a faster one was not to be had.
   *
   * @return a clause each for people, with the reason; none unless an implementation says otherwise
   */
  default List<String> fallbacks() {
    return List.of();
  }

  /**
   * Tells who gives up storage that is kept for later, should memory be short inside an operation.
   *
   * @param relief {@linkplain #free frees} storage and asks for none
   */
  default void onShortage(Runnable relief) {}

  /**
   * Floating-point type of this backend.
   *
   * @return {@link DType#F32} or {@link DType#F64}
   */
  DType dtype();

  /**
   * Reserves storage with undefined contents.
   *
   * @param type element type: {@link #dtype()} or {@link DType#I32}
   * @param size number of elements, may be 0
   * @return the storage, owned by the caller
   */
  Storage allocate(DType type, int size);

  /**
   * Tells that what a storage holds does not change any more, so that it may be kept in other
   * forms, too.
   *
   * @param storage storage that {@link #allocate} gave out
   * @return the same numbers, to be read in its place by this backend and others that can read its
   *     memory; it lives as long as the storage
   */
  default Storage fixed(Storage storage) {
    return storage;
  }

  /**
   * Gives storage back.
   *
   * @param buffer storage that {@link #allocate} gave out, not used afterwards
   */
  void free(Storage buffer);

  /**
   * Copies from the host.
   *
   * @param source elements of the buffer's type in native byte order
   * @param target storage with room for them from index 0 on
   */
  void write(MemorySegment source, Storage target);

  /**
   * Copies elements of a contiguous view to the host, after all earlier work is done.
   *
   * @param source a contiguous view
   * @param target room for its elements, in native byte order
   */
  void read(View source, MemorySegment target);

  /**
   * Copies numbers of an array to storage of {@link #dtype()}.
   *
   * @param source the numbers
   * @param from index of the first one
   * @param count how many
   * @param target storage with room for them from index 0 on
   */
  default void write(float[] source, int from, int count, Storage target) {
    if (target.type() == DType.F32) {
      long bytes = DType.F32.bytes();
      write(MemorySegment.ofArray(source).asSlice(bytes * from, bytes * count), target);
      return;
    }
    double[] wide = new double[count];
    for (int i = 0; i < count; i++) {
      wide[i] = source[from + i];
    }
    write(MemorySegment.ofArray(wide), target);
  }

  /**
   * Copies the first elements of a contiguous view of {@link #dtype()} to an array, after all
   * earlier work is done.
   *
   * @param source a contiguous view
   * @param count how many of its elements
   * @param target room for them
   * @param to index of the first one there
   */
  default void read(View source, int count, float[] target, int to) {
    View some = new View(source.storage(), source.offset(), new int[] {count}, new int[] {1});
    if (source.storage().type() == DType.F32) {
      long bytes = DType.F32.bytes();
      read(some, MemorySegment.ofArray(target).asSlice(bytes * to, bytes * count));
      return;
    }
    double[] wide = new double[count];
    read(some, MemorySegment.ofArray(wide));
    for (int i = 0; i < count; i++) {
      target[to + i] = (float) wide[i];
    }
  }

  /**
   * out = value.
   *
   * @param value what every element becomes
   * @param out a contiguous view
   */
  void fill(double value, View out);

  /**
   * out = in, between views of one shape.
   *
   * @param in read
   * @param out written
   */
  void copy(View in, View out);

  /**
   * out = op(in), elementwise.
   *
   * @param op the function
   * @param in read
   * @param out written, of the same shape
   */
  void unary(UnaryOp op, View in, View out);

  /**
   * out = op(a, b), elementwise.
   *
   * @param op the function
   * @param a first operand
   * @param b second operand, of a's shape
   * @param out written, of the same shape
   */
  void binary(BinaryOp op, View a, View b, View out);

  /**
   * Reduces along the axes where out's length is 1 and in's is not necessarily.
   *
   * @param op the reduction
   * @param in read
   * @param out written; of in's rank, its lengths in's or 1
   */
  void reduce(ReduceOp op, View in, View out);

  /**
   * c = a·b + beta·c for matrices; a transposed factor is a view with exchanged strides.
   *
   * @param a [m, k]
   * @param b [k, n]
   * @param beta factor of what c holds; at 0 c is not read
   * @param c [m, n], contiguous
   */
  void gemm(View a, View b, double beta, View c);

  /**
   * Whether this backend has a fused kernel.
   *
   * @param kernel which one
   * @return false, unless an implementation says otherwise: its definition runs then
   */
  default boolean fuses(FusedKernel kernel) {
    return false;
  }

  /**
   * Runs a fused kernel that this backend has.
   *
   * @param kernel which one; see there for operands
   * @param in operands, contiguous
   * @param out results, contiguous
   */
  default void fused(FusedKernel kernel, View[] in, View[] out) {
    throw new UnsupportedOperationException("the " + name() + " backend has no fused kernels");
  }

  /**
   * Whether {@link #affine} and {@link #affineGrad} are to be had.
   *
   * @return false unless an implementation says otherwise: products, sums and functions run one
   *     after the other then
   */
  default boolean fusesAffine() {
    return false;
  }

  /**
   * out = epilogue(x·wᵀ + bias), a dense layer in one pass over its output.
   *
   * @param x [m, k]
   * @param w [n, k]
   * @param bias [n], contiguous
   * @param epilogue what becomes of the sums
   * @param out [m, n], contiguous
   */
  default void affine(View x, View w, View bias, Epilogue epilogue, View out) {
    throw new UnsupportedOperationException("the " + name() + " backend does not fuse layers");
  }

  /**
   * The derivatives of {@link #affine} by its sums z = x·wᵀ + bias, and by the bias, in one pass.
   *
   * @param epilogue what became of the sums
   * @param cotangent of the output [m, n], contiguous
   * @param output what affine gave [m, n], contiguous
   * @param sums cotangent of z [m, n], contiguous, written
   * @param bias cotangent of the bias [n], contiguous, written
   */
  default void affineGrad(Epilogue epilogue, View cotangent, View output, View sums, View bias) {
    throw new UnsupportedOperationException("the " + name() + " backend does not fuse layers");
  }

  /**
   * Whether {@link #scaled} is to be had.
   *
   * @return false unless an implementation says otherwise: products, sums and functions run one
   *     after the other then
   */
  default boolean fusesScaling() {
    return false;
  }

  /**
   * out = epilogue(x·scale + shift + added), with a channel's own scale and shift, in the bits of
   * the operations in turn.
   *
   * @param in x [N, C, H, W], scale [C], shift [C], and, only before {@link Epilogue#RELU}, added
   *     [N, C, H, W], all contiguous
   * @param epilogue {@link Epilogue#NONE} or {@link Epilogue#RELU}
   * @param out [N, C, H, W], contiguous
   */
  default void scaled(View[] in, Epilogue epilogue, View out) {
    throw new UnsupportedOperationException("the " + name() + " backend does not fuse scaling");
  }

  /** Gives memory back to the machine that is kept for later {@link #allocate}s. */
  default void trim() {
    // Nothing is kept, unless an implementation does.
  }

  /** Waits until all work given to this backend is done. */
  void synchronize();

  /**
   * Whether work can be recorded and replayed, which is worth it where handing over one piece of
   * work costs more than doing it.
   *
   * @return false unless an implementation says otherwise
   */
  default boolean canRecord() {
    return false;
  }

  /**
   * From here on work is recorded instead of run, until {@link #endRecording} or {@link
   * #abortRecording}. Between them {@link #allocate}, {@link #read}, {@link #write} and {@link
   * #synchronize} throw {@link RecordingException}: a recording has no part that the host takes.
   */
  default void beginRecording() {
    throw new UnsupportedOperationException("the " + name() + " backend does not record");
  }

  /**
   * How many operations the recording under way holds so far: the place of the next one, as {@link
   * Recording#completed} counts them.
   *
   * @return 0 if none is under way, and where a replay cannot throw in its midst
   */
  default int recorded() {
    return 0;
  }

  /**
   * Ends the recording.
   *
   * @return what was recorded, not run yet; closed with the backend if not before
   * @throws RecordingException if something in it cannot be replayed; nothing is recorded then
   */
  default Recording endRecording() {
    throw new UnsupportedOperationException("the " + name() + " backend does not record");
  }

  /** Ends the recording and drops it. Harmless if none is under way. */
  default void abortRecording() {
    // Nothing was recorded.
  }

  /** Frees everything, recordings included. */
  @Override
  void close();
}

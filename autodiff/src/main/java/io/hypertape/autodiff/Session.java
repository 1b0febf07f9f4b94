package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.events.FlightEvents;
import io.hypertape.autodiff.internal.Access;
import io.hypertape.checks.Nulls;
import io.hypertape.tensor.DType;
import java.lang.ref.Cleaner;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A backend with the memory and the tapes of one thread. Many sessions may be open at once; each is
 * used by the thread that opened it, and closed by any. What is created outside any {@link Scope}
 * lives until nobody can reach it any more; so do suspended scopes. A session that is forgotten is
 * closed when the garbage collector comes upon it, but that may be late.
 */
public final class Session implements TensorSource, AutoCloseable {

  static {
    Access.install(new SessionAccess());
  }

  private final GuardedBackend backend;
  private final Cleaner.Cleanable forgotten;
  private final String description;
  private final StoragePool pool;
  private final Lifetimes lifetimes;
  private final Scopes scopes;
  private final Funnel funnel;
  private final HostCopies host;
  private final Constants constants = new Constants(this);
  private final ParameterValues parameterValues = new ParameterValues(this);

  private Session(Backends.Choice choice) {
    this.backend = new GuardedBackend(choice.backend());
    this.description = choice.description();
    this.pool = new StoragePool(backend);
    this.lifetimes = new Lifetimes(pool);
    pool.setCollector(lifetimes::collect);
    backend.onShortage(pool::freeIdle);
    this.scopes = new Scopes(this, lifetimes);
    this.funnel = new Funnel(this, backend);
    this.host = new HostCopies(this, backend);
    this.forgotten = ForgottenSession.watch(this, backend);
  }

  /**
   * Opens a session with default options.
   *
   * @param device which backend; {@link Device#AUTO} takes the best that works
   * @return the session, to be closed by the caller
   * @throws BackendUnavailableException if a backend that was named cannot be used, with the reason
   */
  public static Session open(Device device) {
    Nulls.check(device, "open: device");
    return open(SessionOptions.of(device));
  }

  /**
   * Opens a session.
   *
   * @param options which backend and how
   * @return the session, to be closed by the caller
   * @throws BackendUnavailableException if a backend that was named cannot be used, with the reason
   */
  public static Session open(SessionOptions options) {
    Nulls.check(options, "open: options");
    return new Session(Backends.choose(options));
  }

  /**
   * Opens a session on a backend of the caller's.
   *
   * @param backend the backend, closed with the session
   * @return the session, to be closed by the caller
   */
  public static Session over(Backend backend) {
    Nulls.check(backend, "over: backend");
    return new Session(new Backends.Choice(backend, backend.description()));
  }

  // What it runs on.

  /**
   * Short name of the backend in use.
   *
   * @return {@code reference}, {@code cpu} or {@code cuda}
   */
  public String backendName() {
    return backend.name();
  }

  /**
   * What was chosen and why, in one line.
   *
   * @return a line for people
   */
  public String description() {
    return description;
  }

  /**
   * Floating-point type of this session's tensors.
   *
   * @return the type
   */
  public DType dtype() {
    return backend.dtype();
  }

  /**
   * Bytes that this session has taken from its backend and not given back; constant while steps
   * repeat. At most twice what was in use at one time, and a little, whatever the sizes of what was
   * computed; {@link #trim} gives back what is idle.
   *
   * @return bytes, those waiting for reuse included
   */
  public long allocatedBytes() {
    return pool.allocatedBytes();
  }

  /**
   * Bytes of {@link #allocatedBytes} that hold something.
   *
   * @return bytes, without those that wait for reuse
   */
  public long usedBytes() {
    return pool.usedBytes();
  }

  /**
   * The most bytes that held something at one time, since this was opened or {@linkplain #trim
   * trimmed}.
   *
   * @return bytes
   */
  public long peakBytes() {
    return pool.peakBytes();
  }

  /**
   * Gives memory back that waits for reuse, as after a large task before a long small one. What is
   * in use stays where it is.
   */
  public void trim() {
    checkThread();
    lifetimes.settle();
    pool.trim();
    backend.trim();
  }

  /** Waits until everything that was asked of the backend is done. */
  public void synchronize() {
    checkThread();
    host.raisePostponed();
    backend.synchronize();
  }

  // Scopes.

  /**
   * Opens a tape and makes it the current scope.
   *
   * @return the tape, to be closed by the caller
   */
  public Tape tape() {
    return scopes.begin(new Tape(this));
  }

  /**
   * Opens a scope that records nothing and makes it the current one.
   *
   * @return the scope, to be closed by the caller
   */
  public Scope scratch() {
    return scopes.begin(new Scope(this));
  }

  /**
   * Does something in a scope of its own that records nothing, as {@code try (Scope s =
   * session.scratch())} does.
   *
   * @param work computes with tensors that are gone in the end
   */
  public void scoped(Runnable work) {
    Nulls.check(work, "scoped: work");
    Scope scope = scratch();
    try (scope) {
      work.run();
    }
  }

  /**
   * Computes something in a scope of its own that records nothing.
   *
   * @param work computes with tensors that are gone in the end; what it gives must be none of them
   * @param <T> what it gives
   * @return what it gave
   */
  public <T> T scoped(Supplier<T> work) {
    Nulls.check(work, "scoped: work");
    Scope scope = scratch();
    try (scope) {
      return work.get();
    }
  }

  /**
   * The gradient of a function as one more value of a computation. On a {@link Tape}, and in the
   * loss of an optimizer's step, it is differentiable like any other, by the point and by all that
   * the function computes with: so a loss may contain gradients, as a gradient penalty does, in
   * steps that are recorded, too. In a plain scope it is a plain value.
   *
   * <pre>{@code
   * Tensor slope = session.gradient(v -> critic.forward(v, Mode.TRAIN).sum(), points); // a row each
   * Tensor penalty = slope.square().sum(1).sqrt().sub(1).square().mean();
   * }</pre>
   *
   * @param function from the point to a tensor of one element
   * @param at the point, of any shape
   * @return the gradient, of the point's shape, in the current scope; zeros if the function does
   *     not depend on the point
   * @throws IllegalArgumentException if the function gives more than one element
   */
  public Tensor gradient(UnaryOperator<Tensor> function, Tensor at) {
    Nulls.check(function, "gradient: function");
    Nulls.check(at, "gradient: at");
    checkThread();
    return InnerGradient.of(this, function, at);
  }

  // Values.

  /**
   * A scalar that is shared by all who ask for the same value, and lives as long as the session.
   *
   * @param value its value
   * @return a tensor of shape []
   */
  public Tensor constant(double value) {
    return constants.of(value);
  }

  /**
   * Reads several scalars, waiting for the backend once.
   *
   * @param scalars tensors of one element each
   * @return their values
   */
  public double[] items(List<Tensor> scalars) {
    Nulls.checkAll(scalars, "items: scalars");
    return host.items(scalars);
  }

  // For operations.

  Tensor apply(Op op, Tensor input) {
    return funnel.apply(op, List.of(input)).get(0);
  }

  Tensor apply(Op op, Tensor a, Tensor b) {
    return funnel.apply(op, List.of(a, b)).get(0);
  }

  List<Tensor> apply(Op op, List<Tensor> inputs) {
    return funnel.apply(op, inputs);
  }

  boolean isRecording() {
    return funnel.isRecording();
  }

  /** Returns what it was. */
  boolean setRecording(boolean record) {
    return funnel.setRecording(record);
  }

  /** Uninitialised, in the current scope. */
  Tensor allocate(int... shape) {
    return scopes.allocateIn(scopes.current("allocate"), dtype(), shape);
  }

  /** Uninitialised integers, in the current scope. */
  Tensor allocateIndices(int... shape) {
    return scopes.allocateIn(scopes.current("allocate"), DType.I32, shape);
  }

  Backend backend() {
    return backend;
  }

  /** Lets another backend take down what some work asks for. */
  void during(UnaryOperator<Backend> around, Runnable work) {
    backend.during(around, instead -> scopes.during(instead::allocate, work));
  }

  // Its rooms.

  StoragePool pool() {
    return pool;
  }

  Lifetimes lifetimes() {
    return lifetimes;
  }

  Scopes scopes() {
    return scopes;
  }

  Funnel funnel() {
    return funnel;
  }

  HostCopies host() {
    return host;
  }

  ParameterValues parameterValues() {
    return parameterValues;
  }

  // Its thread, and its end.

  boolean isOwner() {
    return lifetimes.isOwner();
  }

  void checkThread() {
    lifetimes.checkOwner();
    checkOpen();
  }

  void checkOpen() {
    if (isClosed()) {
      throw backend.gate().refusal();
    }
  }

  /**
   * Whether nothing can be done any more.
   *
   * @return true from the moment on when some thread began to close it
   */
  public boolean isClosed() {
    return backend.gate().isClosed();
  }

  /**
   * Frees all memory and closes the backend, whatever of it fails: the first failure is thrown in
   * the end. Closing twice does nothing.
   *
   * <p>Any thread may close it, such as a shutdown hook. An operation that is under way on the
   * session's thread, such as a recorded step, is waited for; the next one there throws {@link
   * IllegalStateException}, and what was computed is lost. To keep it, interrupt that thread and
   * wait for its end: training then stops after its step. While the session's thread records, this
   * does not wait: all is freed at the end of the recording.
   */
  @Override
  public void close() {
    if (!isClosed()) {
      FlightEvents.memory(backend.name(), allocatedBytes(), usedBytes(), peakBytes());
    }
    backend.close();
    forgotten.clean();
  }
}

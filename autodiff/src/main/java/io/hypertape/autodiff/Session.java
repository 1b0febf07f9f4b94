package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.RecordingException;
import io.hypertape.autodiff.backend.View;
import io.hypertape.checks.Nulls;
import io.hypertape.tensor.DType;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A backend with the memory and the tapes of one thread. Many sessions may be open at once; each is
 * used by the thread that opened it, and closed by any. What is created outside any {@link Scope}
 * lives until nobody can reach it any more; so do suspended scopes. A session that is forgotten is
 * closed when the garbage collector comes upon it, but that may be late.
 */
public final class Session implements TensorSource, AutoCloseable {

  private static final int CACHED_CONSTANTS = 1024;

  private final GuardedBackend backend;
  private final Cleaner.Cleanable forgotten;
  private final String description;
  private final StoragePool pool;
  private final Lifetimes lifetimes;
  private final Thread owner = Thread.currentThread();
  private final List<Scope> scopes = new ArrayList<>();
  private final Map<Double, Tensor> constants = new HashMap<>();
  private final HostCopies host;
  private final ParameterValues parameterValues = new ParameterValues(this);
  private UndoLog undoLog;
  private OperationLog operationLog;
  private boolean recording = true;

  private Session(Backends.Choice choice) {
    this.backend = new GuardedBackend(choice.backend());
    this.description = choice.description();
    this.pool = new StoragePool(backend);
    this.lifetimes = new Lifetimes(pool);
    pool.setCollector(lifetimes::collect);
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
    checkThread();
    lifetimes.settle();
    Tape tape = new Tape(this);
    push(tape);
    return tape;
  }

  /**
   * Opens a tape over a workspace and makes it the current scope.
   *
   * @param storage where its tensors lie; see {@link Scope#takeFrom}
   * @return the tape, to be closed by the caller
   */
  public Tape tape(Workspace storage) {
    Nulls.check(storage, "tape: storage");
    Tape tape = tape();
    tape.takeFrom(storage);
    return tape;
  }

  /**
   * Opens a scope that records nothing and makes it the current one.
   *
   * @return the scope, to be closed by the caller
   */
  public Scope scratch() {
    checkThread();
    lifetimes.settle();
    Scope scope = new Scope(this);
    push(scope);
    return scope;
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
   * Storage for scopes that do the same again and again.
   *
   * @return an empty workspace, to be closed by the caller, or freed with the session
   */
  public Workspace workspace() {
    checkThread();
    lifetimes.settle();
    return new Workspace(this);
  }

  Lifetimes lifetimes() {
    return lifetimes;
  }

  /**
   * Does something on this session's thread: now, if that is the current one, or before it opens
   * its next scope. Nothing is done if it never does.
   *
   * @param action what to do; if it fails elsewhere than here, that is logged
   */
  public void later(Runnable action) {
    Nulls.check(action, "later: action");
    if (isOwner()) {
      action.run();
    } else {
      lifetimes.ask(action);
    }
  }

  // Recording.

  /**
   * Whether {@link #record} is to be had.
   *
   * @return true where replaying work is cheaper than giving it to the machine piece by piece
   */
  public boolean canRecord() {
    return backend.canRecord();
  }

  /**
   * Records work without running it. The work is done anew by each replay, on the same storage.
   *
   * @param work computes with tensors whose storage is there already, and reads and creates none
   *     from the host
   * @return the recording, to be closed by the caller, or freed with the session
   * @throws RecordingException if the work cannot be recorded, with the reason; what the tape holds
   *     then is up to the caller to undo
   */
  public Recording record(Runnable work) {
    Nulls.check(work, "record: work");
    checkThread();
    backend.beginRecording();
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      try {
        backend.abortRecording();
      } catch (RuntimeException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    return new HeldRecording(backend.endRecording(), this, work);
  }

  /**
   * A log of what work changes, for work in the current scope.
   *
   * @return an empty log, usable as long as that scope
   */
  public UndoLog newUndoLog() {
    checkThread();
    return new UndoLog(this, current("undo log"));
  }

  /** The log of the work that is being done, if there is one. */
  Optional<UndoLog> undoLog() {
    return Optional.ofNullable(undoLog);
  }

  /** Returns what it was; null for none. */
  UndoLog setUndoLog(UndoLog log) {
    UndoLog before = undoLog;
    undoLog = log;
    return before;
  }

  /**
   * A log of the operations that work consists of.
   *
   * @return an empty log
   */
  public OperationLog newOperationLog() {
    checkThread();
    return new OperationLog(this);
  }

  /** Returns what it was; null for none. */
  OperationLog setOperationLog(OperationLog log) {
    OperationLog before = operationLog;
    operationLog = log;
    return before;
  }

  /** For values from outside a computation: where no scope is open, of a lifetime of their own. */
  Tensor create(DType type, int values, int... shape) {
    checkThread();
    if (Shapes.size(Shapes.checked(shape)) != values) {
      throw new IllegalArgumentException(
          "tensor: "
              + values
              + " values do not fill shape "
              + Shapes.text(shape)
              + ", which has "
              + Shapes.size(shape)
              + " elements");
    }
    return scopes.isEmpty()
        ? allocateHome(type, shape.clone())
        : allocateIn(scopes.getLast(), type, shape.clone());
  }

  // For operations.

  Tensor apply(Op op, Tensor input) {
    return apply(op, List.of(input)).get(0);
  }

  Tensor apply(Op op, Tensor a, Tensor b) {
    return apply(op, List.of(a, b)).get(0);
  }

  /** The one funnel: checks, computes, and records if an input is tracked. */
  List<Tensor> apply(Op op, List<Tensor> inputs) {
    checkThread();
    Tape tape = recording && current(op.name()) instanceof Tape t ? t : null;
    boolean tracked = false;
    for (Tensor input : inputs) {
      tracked |= checkInput(op, input, tape);
    }
    List<Tensor> outputs = op.forward(this, inputs);
    if (tracked) {
      tape.record(op, inputs, outputs);
    }
    if (operationLog != null) {
      operationLog.add(op.name(), inputs, outputs);
    }
    return outputs;
  }

  private boolean checkInput(Op op, Tensor input, Tape tape) {
    input.checkUsable(op.name());
    if (input.session() != this) {
      throw new IllegalArgumentException(
          op.name()
              + ": a tensor of shape "
              + Shapes.text(input.dims())
              + " belongs to another session; copy it with toFloats() and tensor()");
    }
    if (tape == null || input.tape() == null) {
      return false;
    }
    if (input.tape() != tape) {
      throw new IllegalArgumentException(
          op.name()
              + ": a tensor of shape "
              + Shapes.text(input.dims())
              + " is tracked by another tape than the current one; detach() it or resume that tape");
    }
    return true;
  }

  /** The tape that operations are recorded on; null if the current scope is none. */
  @Nullable Tape currentTape() {
    return !scopes.isEmpty() && scopes.getLast() instanceof Tape tape ? tape : null;
  }

  private Scope current(String op) {
    if (scopes.isEmpty()) {
      throw new IllegalStateException(
          op
              + ": no scope is open; compute inside session.scoped(() -> …), try (Scope s = session.scratch()) or "
              + "try (Tape t = session.tape())");
    }
    return scopes.getLast();
  }

  /** Uninitialised, in the current scope. */
  Tensor allocate(int... shape) {
    return allocateIn(current("allocate"), dtype(), shape);
  }

  /** Uninitialised integers, in the current scope. */
  Tensor allocateIndices(int... shape) {
    return allocateIn(current("allocate"), DType.I32, shape);
  }

  Tensor allocateIn(Scope scope, DType type, int... shape) {
    return new Tensor(
        this, scope, View.contiguous(scope.allocate(type, Shapes.size(shape)), shape));
  }

  /** Uninitialised, for as long as somebody can reach it, in a scope of its own. */
  private Tensor allocateHome(DType type, int... shape) {
    lifetimes.settle();
    Scope home = new Scope(this);
    Tensor tensor = allocateIn(home, type, shape);
    home.belongToWhoReachesIt();
    return tensor;
  }

  /** A copy with a lifetime of its own. */
  Tensor keep(Tensor tensor) {
    checkThread();
    tensor.checkUsable("keep");
    Tensor copy = allocateHome(tensor.dtype(), tensor.dims());
    copy.overwrite(tensor);
    return copy;
  }

  /** Integers with a lifetime of their own. */
  Tensor ownIndices(int... values) {
    checkThread();
    Tensor tensor = allocateHome(DType.I32, values.length);
    overwrite(tensor, values);
    return tensor;
  }

  /**
   * A scalar that is shared by all who ask for the same value, and lives as long as the session.
   *
   * @param value its value
   * @return a tensor of shape []
   */
  public Tensor constant(double value) {
    Tensor cached = constants.get(value);
    if (cached != null) {
      return cached;
    }
    checkThread();
    boolean keep = constants.size() < CACHED_CONSTANTS;
    Tensor fresh = keep ? allocateHome(dtype()) : allocateIn(current("constant"), dtype());
    backend.fill(value, fresh.view());
    if (keep) {
      constants.put(value, fresh);
    }
    return fresh;
  }

  /**
   * Reads several scalars, waiting for the backend once.
   *
   * @param scalars tensors of one element each
   * @return their values
   */
  public double[] items(List<Tensor> scalars) {
    Nulls.checkAll(scalars, "items: scalars");
    try (Scope unused = scratch()) {
      Tensor all = allocate(scalars.size());
      View whole = all.view();
      for (int i = 0; i < scalars.size(); i++) {
        scalars.get(i).checkUsable("items");
        View slot =
            new View(whole.storage(), i, scalars.get(i).dims(), scalars.get(i).view().strides());
        backend.copy(scalars.get(i).view(), slot);
      }
      return all.toDoubles();
    }
  }

  ParameterValues parameterValues() {
    return parameterValues;
  }

  HostCopies host() {
    return host;
  }

  Backend backend() {
    return backend;
  }

  StoragePool pool() {
    return pool;
  }

  boolean isRecording() {
    return recording;
  }

  /** Returns what it was. */
  boolean setRecording(boolean record) {
    boolean before = recording;
    recording = record;
    return before;
  }

  boolean fuses(FusedKernel kernel) {
    return backend.fuses(kernel);
  }

  void fuse(FusedKernel kernel, View[] in, View[] out) {
    backend.fused(kernel, in, out);
  }

  void push(Scope scope) {
    if (scopes.contains(scope)) {
      throw new IllegalStateException("this scope is in use already");
    }
    scopes.add(scope);
  }

  void remove(Scope scope) {
    scopes.remove(scope);
  }

  void checkCurrent(Tape tape) {
    checkThread();
    if (scopes.isEmpty() || scopes.getLast() != tape) {
      throw new IllegalStateException(
          "gradient: this tape is not the current scope; close or suspend what was opened after it");
    }
  }

  /**
   * Whether the current thread may use it.
   *
   * @return true on the thread that opened it
   */
  public boolean isOwner() {
    return Thread.currentThread() == owner;
  }

  void checkThread() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "this session belongs to thread '"
              + owner.getName()
              + "' and is used by thread '"
              + Thread.currentThread().getName()
              + "'; open one session a thread");
    }
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
    backend.close();
    forgotten.clean();
  }
}

package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Recording;
import io.hypertape.bindings.cuda.CudaGraphExec;
import io.hypertape.bindings.cuda.CudaStream;

/** A CUDA graph, ready to be launched on the backend's stream. */
final class CudaRecording implements Recording {

  private final CloseStack opened;
  private final CudaGraphExec exec;
  private final CudaStream stream;
  private final int operations;
  private final IndexErrors errors;
  private final Recorder recorder;
  private boolean isQueued;
  private boolean closed;

  /** Takes over what was opened for it. */
  CudaRecording(
      CloseStack opened,
      CudaGraphExec exec,
      CudaStream stream,
      int operations,
      IndexErrors errors,
      Recorder recorder) {
    this.opened = opened;
    this.exec = exec;
    this.stream = stream;
    this.operations = operations;
    this.errors = errors;
    this.recorder = recorder;
  }

  @Override
  public void replay() {
    isQueued = false;
    recorder.refuse("replay", "a recording holds no other");
    stream.device().ensureCurrent();
    errors.expect();
    exec.launch(stream);
    isQueued = true;
  }

  /** A graph is queued as a whole, or not at all. */
  @Override
  public int completed() {
    return isQueued ? operations : 0;
  }

  @Override
  public int operations() {
    return operations;
  }

  @Override
  public void close() {
    recorder.forget(this);
    if (!closed) {
      stream.device().ensureCurrent();
    }
    opened.close();
    closed = true;
  }
}

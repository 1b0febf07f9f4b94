package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.RecordingException;
import io.hypertape.bindings.cuda.CudaException;
import io.hypertape.bindings.cuda.CudaGraph;
import io.hypertape.bindings.cuda.CudaGraphExec;
import io.hypertape.bindings.cuda.CudaStream;
import io.hypertape.bindings.cuda.DeviceMemory;
import java.util.ArrayList;
import java.util.List;

/** Recording as the capture of the stream into a CUDA graph, and what must wait for its end. */
final class Recorder implements AutoCloseable {

  private final CudaStream stream;
  private final List<DeviceMemory> freedMeanwhile = new ArrayList<>();
  private final List<CudaRecording> recordings = new ArrayList<>();
  private boolean recording;

  Recorder(CudaStream stream) {
    this.stream = stream;
  }

  boolean isRecording() {
    return recording;
  }

  boolean hasRecordings() {
    return !recordings.isEmpty();
  }

  /** A recording was closed. */
  void forget(CudaRecording closed) {
    recordings.remove(closed);
  }

  /** Refuses what the host takes part in. */
  void refuse(String call, String instead) {
    if (recording) {
      throw new RecordingException(call + ": not while recording; " + instead);
    }
  }

  void begin() {
    if (recording) {
      throw new IllegalStateException(
          "beginRecording: a recording is under way already; end or abort it first");
    }
    stream.beginCapture();
    recording = true;
  }

  /** Frees at once, or when the recording under way has ended. */
  void free(DeviceMemory memory) {
    if (recording) {
      freedMeanwhile.add(memory);
    } else {
      memory.close();
    }
  }

  Recording end(IndexErrors errors, StepProgram program) {
    if (!recording) {
      throw new IllegalStateException("endRecording: no recording is under way");
    }
    CloseStack opened = new CloseStack();
    try {
      program.flush();
      CudaGraph graph = opened.add(stream.endCapture());
      recording = false;
      CudaGraphExec exec = opened.add(graph.instantiate());
      exec.upload(stream);
      CudaRecording made = new CudaRecording(opened, exec, stream, graph.nodes(), errors, this);
      freeDeferred();
      recordings.add(made);
      return made;
    } catch (CudaException e) {
      RecordingException failure =
          new RecordingException("this work cannot be replayed: " + e.getMessage(), e);
      giveUp(opened, failure);
      throw failure;
    } catch (RuntimeException | Error e) {
      giveUp(opened, e);
      throw e;
    }
  }

  private void giveUp(CloseStack opened, Throwable failure) {
    CloseStack rest = new CloseStack();
    rest.add(this::freeDeferred);
    rest.add(this::abortOnce);
    rest.add(opened);
    rest.closeAfter(failure);
  }

  /**
   * Ends a recording, if one is under way, and drops it: a stream left in it would be of no use.
   */
  void abort() {
    CloseStack all = new CloseStack();
    all.add(this::abortOnce);
    all.close();
  }

  private void abortOnce() {
    if (recording) {
      try {
        stream.abortCapture();
      } catch (CudaException e) {
        if (e.isDeviceLost()) {
          // The capture has gone with the device.
          recording = false;
          freeDeferred(e);
        }
        throw e;
      }
      recording = false;
      freeDeferred();
    }
  }

  private void freeDeferred(CudaException failure) {
    CloseStack rest = new CloseStack();
    rest.add(this::freeDeferred);
    rest.closeAfter(failure);
  }

  private void freeDeferred() {
    if (recording) {
      return;
    }
    CloseStack freed = new CloseStack();
    freedMeanwhile.forEach(freed::add);
    freedMeanwhile.clear();
    freed.close();
  }

  @Override
  public void close() {
    CloseStack all = new CloseStack();
    all.add(this::abortOnce);
    List.copyOf(recordings).forEach(all::add);
    all.close();
  }
}

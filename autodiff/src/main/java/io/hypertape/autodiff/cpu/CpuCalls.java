package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.RecordingException;
import org.jspecify.annotations.Nullable;

/** Calls that run at once, or are kept for a replay. */
abstract class CpuCalls implements Backend {

  /** What is being recorded; null if nothing is. */
  @Nullable CpuRecording recording;

  /** Runs a call at once, or keeps it for a replay. */
  final void run(Runnable call) {
    if (recording != null) {
      recording.add(call);
    } else {
      call.run();
    }
  }

  final void refuseWhileRecording(String call) {
    if (recording != null) {
      throw new RecordingException(
          call + ": not while recording, which holds nothing that the host takes part in");
    }
  }

  /** What is recorded skips the tape and all that is decided by shapes. */
  @Override
  public boolean canRecord() {
    return true;
  }

  @Override
  public void beginRecording() {
    if (recording != null) {
      throw new IllegalStateException("beginRecording: a recording is under way already");
    }
    recording = new CpuRecording();
  }

  @Override
  public int recorded() {
    return recording == null ? 0 : recording.operations();
  }

  @Override
  public Recording endRecording() {
    if (recording == null) {
      throw new IllegalStateException("endRecording: no recording is under way");
    }
    CpuRecording made = recording;
    recording = null;
    return made;
  }

  @Override
  public void abortRecording() {
    recording = null;
  }

  @Override
  public void synchronize() {
    refuseWhileRecording("synchronize");
    // Everything is done when its call returns.
  }
}

package io.hypertape.autodiff.cuda;

import io.hypertape.bindings.cuda.CublasHandle;
import io.hypertape.bindings.cuda.CudaDevice;
import io.hypertape.bindings.cuda.CudaException;
import io.hypertape.bindings.cuda.CudaModule;
import io.hypertape.bindings.cuda.CudaStream;
import io.hypertape.bindings.cuda.CudaUnavailableException;
import io.hypertape.bindings.cuda.CudnnHandle;
import io.hypertape.bindings.cuda.KernelCompiler;
import io.hypertape.bindings.cuda.MatmulPrecision;
import io.hypertape.bindings.cuda.MemoryPool;
import java.lang.foreign.Arena;

/** What a CUDA backend is made of, opened together and closed together. */
final class CudaParts implements AutoCloseable {

  private final CloseStack opened = new CloseStack();
  private final CudaDevice device;
  private final MemoryPool pool;
  private final Recorder recorder;
  private final StagingRing staging;
  private final ReadBack readBack;
  private final IndexErrors errors;
  private final Copies copies;
  private final Elementwise elementwise;
  private final Reductions reductions;
  private final Gemm gemm;
  private final Softmax softmax;
  private final Labels labels;
  private final RandomNumbers random;
  private final FusedUpdates updates;
  private final String description;

  CudaParts(CudaPrecision precision, SoftmaxPath path, KernelCompiler compiler) {
    try {
      device = opened.add(CudaDevice.open(0));
      CudaStream stream = opened.add(CudaStream.create(device));
      pool = opened.add(MemoryPool.create(stream));
      recorder = new Recorder(stream);
      Arena arena = opened.add(Arena.ofShared());
      Launcher launcher = opened.add(new Launcher(device, stream, new Kernels(module(compiler))));
      Scratch scratch = opened.add(new Scratch(pool, recorder));
      errors = opened.add(new IndexErrors(device, stream, pool));
      staging = opened.add(new StagingRing(device, stream));
      readBack = opened.add(new ReadBack(device, stream, errors));
      copies = new Copies(launcher, stream, scratch, arena);
      elementwise = new Elementwise(launcher, arena);
      reductions = new Reductions(launcher, copies, scratch, arena);
      CublasHandle cublas = opened.add(CublasHandle.create(stream, pool));
      cublas.setPrecision(
          precision == CudaPrecision.TF32 ? MatmulPrecision.TF32 : MatmulPrecision.FP32);
      gemm = new Gemm(cublas, copies);
      softmax = softmax(path, stream, launcher);
      labels = new Labels(launcher, errors);
      random = new RandomNumbers(launcher);
      updates = new FusedUpdates(launcher, copies, scratch);
      description = describe(precision);
      opened.add(new Drain(device, stream));
      opened.add(recorder);
    } catch (RuntimeException | Error e) {
      opened.closeAfter(e);
      throw e;
    }
  }

  private CudaModule module(KernelCompiler compiler) {
    byte[] image =
        compiler.compile(KernelSources.NAME, KernelSources.program(), device.computeCapability());
    return opened.add(CudaModule.load(device, image));
  }

  private Softmax softmax(SoftmaxPath path, CudaStream stream, Launcher launcher) {
    if (path == SoftmaxPath.KERNELS) {
      return new KernelSoftmax(launcher, "own softmax");
    }
    try {
      return new CudnnSoftmax(opened.add(CudnnHandle.create(stream)), copies);
    } catch (CudaUnavailableException | CudaException e) {
      if (path == SoftmaxPath.CUDNN) {
        throw e;
      }
      return new KernelSoftmax(launcher, "no cuDNN: " + e.getMessage());
    }
  }

  private String describe(CudaPrecision precision) {
    int capability = device.computeCapability();
    return "cuda backend: "
        + device.name()
        + ", compute capability "
        + capability / 10
        + "."
        + capability % 10
        + ", CUDA "
        + version(device.runtimeVersion())
        + " (driver for "
        + version(device.driverVersion())
        + "), "
        + softmax.description()
        + ", float32"
        + (precision == CudaPrecision.TF32 ? ", matrix products in TF32" : "");
  }

  /** Such as 13.0 for 13000. */
  static String version(int number) {
    return number / 1000 + "." + number % 1000 / 10;
  }

  CudaDevice device() {
    return device;
  }

  MemoryPool pool() {
    return pool;
  }

  Recorder recorder() {
    return recorder;
  }

  StagingRing staging() {
    return staging;
  }

  ReadBack readBack() {
    return readBack;
  }

  IndexErrors errors() {
    return errors;
  }

  Copies copies() {
    return copies;
  }

  Elementwise elementwise() {
    return elementwise;
  }

  Reductions reductions() {
    return reductions;
  }

  Gemm gemm() {
    return gemm;
  }

  Softmax softmax() {
    return softmax;
  }

  Labels labels() {
    return labels;
  }

  RandomNumbers random() {
    return random;
  }

  FusedUpdates updates() {
    return updates;
  }

  /** One line for people. */
  String description() {
    return description;
  }

  @Override
  public void close() {
    opened.close();
  }
}

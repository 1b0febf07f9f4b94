package io.hypertape.autodiff.cuda;

import io.hypertape.bindings.cuda.CublasHandle;
import io.hypertape.bindings.cuda.CudaDevice;
import io.hypertape.bindings.cuda.CudaException;
import io.hypertape.bindings.cuda.CudaModule;
import io.hypertape.bindings.cuda.CudaStream;
import io.hypertape.bindings.cuda.CudaUnavailableException;
import io.hypertape.bindings.cuda.CudnnBatchNorm;
import io.hypertape.bindings.cuda.CudnnConvolution;
import io.hypertape.bindings.cuda.CudnnHandle;
import io.hypertape.bindings.cuda.CudnnRecurrence;
import io.hypertape.bindings.cuda.KernelCompiler;
import io.hypertape.bindings.cuda.MemoryPool;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;

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
  private final StepProgram program;
  private final CudaElementwise elementwise;
  private final CudaReductions reductions;
  private final Gemm gemm;
  private final AffineLayers dense;
  private final Softmax softmax;
  private final Labels labels;
  private final RandomNumbers random;
  private final CudaFusedUpdates updates;
  private final CudaLayers layers;
  private final Fallbacks fallbacks = new Fallbacks();
  private final String description;
  private String withoutCudnn = "own softmax and layers";

  CudaParts(int ordinal, CudaPrecision precision, SoftmaxPath path, KernelCompiler compiler) {
    try {
      device = opened.add(CudaDevice.open(ordinal));
      CompiledKernels compiled = opened.add(CompiledKernels.begin(compiler, device));
      CudaStream stream = opened.add(CudaStream.create(device));
      pool = opened.add(MemoryPool.create(stream));
      recorder = new Recorder(stream);
      Arena arena = opened.add(Arena.ofShared());
      CublasHandle cublas = opened.add(CublasHandle.create(stream, pool));
      cublas.setPrecision(precision.ofProducts());
      Optional<CudnnHandle> cudnn = cudnn(path, stream);
      CudaModule module = opened.add(CudaModule.load(device, compiled.get()));
      Launcher launcher = opened.add(new Launcher(device, stream, new CudaKernels(module)));
      Scratch scratch = opened.add(new Scratch(pool, recorder));
      program = opened.add(new StepProgram(launcher, recorder, pool, stream, arena));
      launcher.setBefore(program::flush);
      errors = opened.add(new IndexErrors(device, stream, pool));
      staging = opened.add(new StagingRing(device, stream));
      readBack = opened.add(new ReadBack(device, stream, errors));
      copies = new Copies(launcher, stream, scratch, program, arena);
      elementwise = new CudaElementwise(launcher, program, arena);
      reductions = new CudaReductions(launcher, copies, scratch, program, arena);
      gemm = new Gemm(cublas, copies);
      dense = new AffineLayers(launcher, gemm, copies, reductions, scratch);
      KernelSoftmax kernels = new KernelSoftmax(launcher, program);
      // Its own kernels let a loss be two kernels, there and back.
      softmax =
          path == SoftmaxPath.CUDNN
              ? new CudnnSoftmax(cudnn.orElseThrow(), copies, kernels, fallbacks, program)
              : kernels;
      labels = new Labels(launcher, errors, scratch, program);
      random = new RandomNumbers(launcher);
      updates = new CudaFusedUpdates(launcher, copies, scratch, program);
      layers = layers(precision, cudnn, stream, launcher, scratch, arena);
      description = describe(precision, cudnn.map(CudaParts::version).orElse(withoutCudnn));
      opened.add(new Drain(device, stream));
      opened.add(recorder);
    } catch (RuntimeException | Error e) {
      opened.closeAfter(e);
      throw e;
    }
  }

  private Optional<CudnnHandle> cudnn(SoftmaxPath path, CudaStream stream) {
    if (path == SoftmaxPath.KERNELS) {
      return Optional.empty();
    }
    try {
      return Optional.of(opened.add(CudnnHandle.create(stream)));
    } catch (CudaUnavailableException | CudaException e) {
      if (path == SoftmaxPath.CUDNN) {
        throw e;
      }
      withoutCudnn = "no cuDNN: " + e.getMessage();
      return Optional.empty();
    }
  }

  private CudaLayers layers(
      CudaPrecision precision,
      Optional<CudnnHandle> cudnn,
      CudaStream stream,
      Launcher launcher,
      Scratch scratch,
      Arena arena) {
    Optional<CudnnConvolution> convolution =
        cudnn.map(handle -> opened.add(CudnnConvolution.create(handle, precision.ofProducts())));
    Optional<CudnnBatchNorm> batchNorm =
        cudnn.map(handle -> opened.add(CudnnBatchNorm.create(handle)));
    Optional<CudnnRecurrence> recurrence =
        cudnn.map(handle -> opened.add(CudnnRecurrence.create(handle, precision.ofProducts())));
    RecurrentSteps steps = new RecurrentSteps(launcher, gemm, reductions, stream);
    GemmRecurrentLayers products = new GemmRecurrentLayers(steps, scratch, stream);
    return new CudaLayers(
        new CudaConvolutions(
            convolution,
            new GemmConvolution(launcher, gemm, reductions, scratch, arena),
            copies,
            scratch,
            recorder,
            fallbacks),
        new Poolings(launcher, arena),
        new BatchNorms(launcher, copies, batchNorm, fallbacks),
        new Embeddings(launcher, copies, errors, scratch),
        new DropoutMasks(launcher),
        recurrence.isPresent()
            ? new CudnnRecurrentLayers(
                recurrence.orElseThrow(),
                products,
                stream,
                scratch,
                recorder,
                fallbacks,
                copies,
                program)
            : products);
  }

  private String describe(CudaPrecision precision, String layers) {
    int capability = device.computeCapability();
    return "cuda backend: "
        + device.name()
        + (device.ordinal() == 0 ? "" : " (device " + device.ordinal() + ")")
        + ", compute capability "
        + capability / 10
        + "."
        + capability % 10
        + ", CUDA "
        + version(device.runtimeVersion())
        + " (driver for "
        + version(device.driverVersion())
        + "), "
        + layers
        + ", float32"
        + (precision == CudaPrecision.TF32 ? ", products in TF32" : "")
        + warnings(PrecisionVariables.warnings(System.getenv()));
  }

  private static String version(CudnnHandle cudnn) {
    int version = cudnn.version();
    // Such as 91002 for 9.10.2.
    return "cuDNN " + version / 10000 + "." + version / 100 % 100 + "." + version % 100;
  }

  /** Told in the log as well: the description may be read by nobody. */
  private static String warnings(List<String> warnings) {
    warnings.forEach(
        text -> System.getLogger(CudaParts.class.getName()).log(System.Logger.Level.WARNING, text));
    return warnings.isEmpty() ? "" : "; " + String.join("; ", warnings);
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

  StepProgram program() {
    return program;
  }

  Copies copies() {
    return copies;
  }

  CudaElementwise elementwise() {
    return elementwise;
  }

  CudaReductions reductions() {
    return reductions;
  }

  Gemm gemm() {
    return gemm;
  }

  AffineLayers dense() {
    return dense;
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

  CudaFusedUpdates updates() {
    return updates;
  }

  CudaLayers layers() {
    return layers;
  }

  Fallbacks fallbacks() {
    return fallbacks;
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

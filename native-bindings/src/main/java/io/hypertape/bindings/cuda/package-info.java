/**
 * CUDA's runtime and driver, cuBLAS, cuDNN and NVRTC as closeable handles: thin, typed, without
 * tensors.
 *
 * <p>A handle belongs to one thread at a time; a thread other than the one that opened the device
 * calls {@link io.hypertape.bindings.cuda.CudaDevice#makeCurrent()} first. Handles are closed in
 * the reverse order of their opening, the device last.
 */
package io.hypertape.bindings.cuda;

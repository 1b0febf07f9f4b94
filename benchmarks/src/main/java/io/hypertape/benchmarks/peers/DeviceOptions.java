package io.hypertape.benchmarks.peers;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Precision;
import java.util.List;

/**
 * How steps are compared on a GPU.
 *
 * @param device ours; PyTorch's is always the GPU
 * @param precisions of products, alike on all sides
 * @param data where batches lie
 */
public record DeviceOptions(Device device, List<Precision> precisions, Data data) {

  /** Where batches lie. */
  public enum Data {
    /** On the host: each step copies another one to the device. */
    HOST,
    /** One on the device, which every step takes. */
    DEVICE
  }
}

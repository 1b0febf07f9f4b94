package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Storage;
import io.hypertape.tensor.DType;

/** What a scope's tensors lie in, if not in the session's pool. */
interface StorageSource {

  /** Storage for at least so many elements, which is not the scope's to give back. */
  Storage take(DType type, int size);
}

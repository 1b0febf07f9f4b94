/** The backend of NVIDIA GPUs, on native-bindings. */
@NullMarked
package io.hypertape.autodiff.cuda;

import org.jspecify.annotations.NullMarked;

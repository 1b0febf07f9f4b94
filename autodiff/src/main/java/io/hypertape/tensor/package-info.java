/** What tensors are made of, and forms of the operations on them: words that all layers share. */
@NullMarked
package io.hypertape.tensor;

import org.jspecify.annotations.NullMarked;

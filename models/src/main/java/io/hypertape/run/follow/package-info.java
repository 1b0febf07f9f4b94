/** What tells others of a run: TensorBoard by files, MLflow over the network. */
@NullMarked
package io.hypertape.run.follow;

import org.jspecify.annotations.NullMarked;

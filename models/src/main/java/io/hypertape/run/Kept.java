package io.hypertape.run;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.DropoutCounter;
import java.util.List;

/**
 * What changes from step to step beside the parameters.
 *
 * @param buffers running statistics
 * @param carried from batch to batch of an epoch; an epoch begins with zeros
 * @param counters where sequences of dropout masks stand
 */
record Kept(List<Buffer> buffers, List<Buffer> carried, List<DropoutCounter> counters) {}

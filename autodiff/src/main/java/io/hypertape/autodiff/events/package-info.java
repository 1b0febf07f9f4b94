/** Events of Flight Recorder. For this library's modules alone. */
@NullMarked
package io.hypertape.autodiff.events;

import org.jspecify.annotations.NullMarked;

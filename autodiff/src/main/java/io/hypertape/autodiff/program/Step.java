package io.hypertape.autodiff.program;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.View;
import java.util.function.UnaryOperator;

/**
 * A piece of work with its operands.
 *
 * @param call what is asked of a backend
 * @param reads what is read
 * @param writes what is written
 * @param kind what is known of it
 */
record Step(Call call, View[] reads, View[] writes, Kind kind) {

  /** Work that is treated in another way where it can be. */
  enum Kind {
    /** A dense layer, whose weights are the second operand that is read. */
    DENSE,
    /** The product of two operands. */
    PRODUCT,
    /** The sum of two operands. */
    SUM,
    /** The larger of an operand and 0. */
    RELU,
    /** Any other. */
    OTHER
  }

  /** What is asked of a backend. */
  interface Call {
    void on(Backend backend, View[] reads, View[] writes);
  }

  void run(Backend backend) {
    call.on(backend, reads, writes);
  }

  /** The same work on operands at other places. */
  Step placed(UnaryOperator<View> place) {
    return new Step(call, placed(reads, place), placed(writes, place), kind);
  }

  private static View[] placed(View[] views, UnaryOperator<View> place) {
    View[] there = new View[views.length];
    for (int i = 0; i < there.length; i++) {
      there[i] = place.apply(views[i]);
    }
    return there;
  }
}

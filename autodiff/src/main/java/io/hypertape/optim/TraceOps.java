package io.hypertape.optim;

import io.hypertape.autodiff.FusedOp;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.FusedKernel;
import java.util.List;

/**
 * What an {@link Hypergradient.Eligibility} is computed by. Backends have kernels for all three;
 * the definitions here stand in where one has none.
 */
final class TraceOps {

  /** Keeps a quotient of zeros 0, and changes no other. */
  static final double TINY = 1e-30;

  private static final FusedOp RATE =
      FusedOp.of("trace rate", TraceOps::defineRate)
          .withKernel(new VectorsAndSums(FusedKernel.TRACE_RATE, 0, 4));
  private static final FusedOp MOVE =
      FusedOp.of("trace", TraceOps::defineMove)
          .withKernel(new VectorsAndSums(FusedKernel.TRACE, 1, 3));
  private static final FusedOp COSINE =
      FusedOp.of("trace cosine", TraceOps::defineCosine)
          .withKernel(new VectorsAndSums(FusedKernel.TRACE_COSINE, 0, 2));

  private TraceOps() {}

  /**
   * How far a trace's mean moves, and whether what is tuned does.
   *
   * @param rate the mean's share of the distance to the weights; 1 where the trace begins anew
   * @param open 1 where what is tuned moves, 0 where it stands still
   * @param highest where what is tuned has been at most since the last restart
   * @param rests until which update it stands still
   */
  record Rate(Tensor rate, Tensor open, Tensor highest, Tensor rests) {}

  /** By the operands of {@link FusedKernel#TRACE_RATE}. */
  static Rate rate(List<Tensor> operands) {
    List<Tensor> out = RATE.apply(operands);
    return new Rate(out.get(0), out.get(1), out.get(2), out.get(3));
  }

  private static List<Tensor> defineRate(List<Tensor> in) {
    Tensor n = in.get(0);
    Tensor value = in.get(1);
    Tensor full = in.get(4).greaterOrEqual(1);
    Tensor gamma = in.get(5);
    Tensor rate = gamma.add(1).div(n.maximum(1).add(gamma).maximum(TINY));
    // What it was at the very beginning, which the first update may cut, was no choice of its own.
    Tensor chosen = n.greaterOrEqual(2);
    Tensor most = Tensor.where(chosen, in.get(2).maximum(value), in.get(2));
    Tensor now =
        value.lessThan(most.sub(in.get(6))).mul(chosen).mul(full).mul(n.greaterOrEqual(in.get(3)));
    Tensor highest = Tensor.where(now, value, most);
    Tensor until = n.mul(in.get(7)).maximum(Hypergradient.MIN_REST).add(n);
    Tensor rests = Tensor.where(now, until, in.get(3));
    Tensor open = n.greaterOrEqual(in.get(8)).mul(full).mul(n.greaterOrEqual(rests));
    return List.of(Tensor.where(now, full, rate), open, highest, rests);
  }

  /**
   * Sums over parameters.
   *
   * @param product ⟨g, e⟩
   * @param gradient |g|²
   * @param trace |e|²
   */
  record Sums(Tensor product, Tensor gradient, Tensor trace) {

    /** Of no parameter. */
    static Sums none(Session session) {
      Tensor none = session.constant(0);
      return new Sums(none, none, none);
    }

    /** With a parameter's part, in ordinary operations. */
    Sums with(Tensor g, Tensor e) {
      return new Sums(
          product.add(g.mul(e).sum()), gradient.add(g.square().sum()), trace.add(e.square().sum()));
    }

    List<Tensor> all() {
      return List.of(product, gradient, trace);
    }

    /** The cosine of the angle between gradient and trace, 0 if one of them is, by numbers. */
    static double cosine(double product, double gradient, double trace) {
      double sizes = Math.sqrt(gradient) * Math.sqrt(trace);
      return sizes == 0 ? 0 : product / sizes;
    }
  }

  /**
   * What comes of one parameter.
   *
   * @param mean the next mean
   * @param sums the sums with its part
   */
  record Moved(Tensor mean, Sums sums) {}

  /**
   * One parameter's part, see {@link FusedKernel#TRACE}.
   *
   * @param g its gradient
   * @param w its value
   * @param mean its running mean
   * @param rate the mean's
   * @param sums those so far
   */
  static Moved move(Tensor g, Tensor w, Tensor mean, Tensor rate, Sums sums) {
    List<Tensor> out =
        MOVE.apply(List.of(g, w, mean, rate, sums.product, sums.gradient, sums.trace));
    return new Moved(out.get(0), new Sums(out.get(1), out.get(2), out.get(3)));
  }

  private static List<Tensor> defineMove(List<Tensor> in) {
    Tensor g = in.get(0);
    Tensor mean = in.get(2);
    Tensor e = in.get(1).sub(mean);
    Sums sums = new Sums(in.get(4), in.get(5), in.get(6)).with(g, e);
    return List.of(mean.add(e.mul(in.get(3))), sums.product, sums.gradient, sums.trace);
  }

  /**
   * A hypergradient without scale.
   *
   * @param gradient the gradient
   * @param largest the largest size of a cosine so far
   */
  record Cosine(Tensor gradient, Tensor largest) {}

  /**
   * From the sums over all parameters, see {@link FusedKernel#TRACE_COSINE}.
   *
   * @param n number of updates so far
   * @param largest the largest size of a cosine so far
   * @param normalized 1 to divide by it, 0 not to
   * @param limit what the size is cut to
   */
  static Cosine cosine(Sums sums, Tensor n, Tensor largest, Tensor normalized, Tensor limit) {
    List<Tensor> out =
        COSINE.apply(
            List.of(sums.product, sums.gradient, sums.trace, n, largest, normalized, limit));
    return new Cosine(out.get(0), out.get(1));
  }

  private static List<Tensor> defineCosine(List<Tensor> in) {
    Tensor sizes = in.get(1).sqrt().mul(in.get(2).sqrt());
    Tensor quotient = in.get(0).div(sizes.add(TINY));
    // What is no number says nothing.
    Tensor cosine =
        Tensor.where(quotient.equalTo(quotient), quotient, in.get(2).equalTo(in.get(2)).mul(0));
    Tensor largest = in.get(4).maximum(cosine.abs());
    Tensor scaled = Tensor.where(in.get(5), cosine.div(largest.maximum(TINY)), cosine);
    Tensor cut = scaled.maximum(in.get(6).neg()).minimum(in.get(6));
    // An update that has moved no weight by a digit though there is somewhere to go: the step size
    // must grow.
    Tensor still =
        in.get(2).equalTo(0).mul(in.get(1).greaterThan(0)).mul(in.get(3).greaterOrEqual(1));
    return List.of(Tensor.where(still, still.neg(), cut), largest);
  }
}

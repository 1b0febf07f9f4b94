package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.OperandChecks;

/**
 * Operands of recurrent cells, which are checked to fit each other when they are made. States are
 * dense; rows of gates may be apart.
 */
public final class Cells {

  private Cells() {}

  /**
   * Operands of {@link Layers#lstmCell}.
   *
   * @param gates [batch, 4·hidden]: what the products gave, becomes i, f, g, o
   * @param bias [4·hidden], added to what the products gave
   * @param c cell state [batch, hidden]
   * @param newC new cell state [batch, hidden], written
   * @param tanhC [batch, hidden], written
   * @param h output [batch, hidden], written
   */
  public record Lstm(Matrix gates, Floats bias, Floats c, Floats newC, Floats tanhC, Floats h) {

    /** Checks that they fit. */
    public Lstm {
      Sizes s = new Sizes("gates", gates, 4);
      OperandChecks.shape("bias", bias.length(), new int[] {4, s.hidden});
      s.state("c", c).state("newC", newC).state("tanhC", tanhC).state("h", h);
    }

    int hidden() {
      return gates.cols() / 4;
    }
  }

  /**
   * Operands of {@link Layers#lstmCellGrad}.
   *
   * @param gates [batch, 4·hidden] as lstmCell wrote them
   * @param c cell state before the step [batch, hidden]
   * @param tanhC [batch, hidden] as lstmCell wrote it
   * @param dy one part of h's cotangent [batch, hidden]
   * @param dh the other [batch, hidden]
   * @param dc cotangent of newC [batch, hidden], becomes that of c
   * @param dGates cotangent of what the products gave [batch, 4·hidden], written
   */
  public record LstmGrad(
      Matrix gates, Floats c, Floats tanhC, Floats dy, Floats dh, Floats dc, Matrix dGates) {

    /** Checks that they fit. */
    public LstmGrad {
      Sizes s = new Sizes("gates", gates, 4).gates("dGates", dGates);
      s.state("c", c).state("tanhC", tanhC).state("dy", dy).state("dh", dh).state("dc", dc);
    }

    int hidden() {
      return gates.cols() / 4;
    }
  }

  /**
   * Operands of {@link Layers#gruCell}.
   *
   * @param gates [batch, 3·hidden]: a, what the product with the input gave, becomes r, z, n
   * @param recurrent [batch, 3·hidden]: u, what the product with the state gave
   * @param bias [4·hidden], added to aᵣ + uᵣ, a_z + u_z, aₙ and uₙ
   * @param inner uₙ with its bias [batch, hidden], written
   * @param h state [batch, hidden]
   * @param newH new state [batch, hidden], written
   */
  public record Gru(
      Matrix gates, Matrix recurrent, Floats bias, Floats inner, Floats h, Floats newH) {

    /** Checks that they fit. */
    public Gru {
      Sizes s = new Sizes("gates", gates, 3).gates("recurrent", recurrent);
      OperandChecks.shape("bias", bias.length(), new int[] {4, s.hidden});
      s.state("inner", inner).state("h", h).state("newH", newH);
    }

    int hidden() {
      return gates.cols() / 3;
    }
  }

  /**
   * Operands of {@link Layers#gruCellGrad}.
   *
   * @param gates [batch, 3·hidden] as gruCell wrote them
   * @param inner [batch, hidden] as gruCell wrote it
   * @param h state before the step [batch, hidden]
   * @param dy one part of newH's cotangent [batch, hidden]
   * @param dh the other [batch, hidden], becomes the part of h's that does not go through products
   * @param dGates cotangent of a [batch, 3·hidden], written
   * @param dRecurrent cotangent of u [batch, 3·hidden], written
   */
  public record GruGrad(
      Matrix gates,
      Floats inner,
      Floats h,
      Floats dy,
      Floats dh,
      Matrix dGates,
      Matrix dRecurrent) {

    /** Checks that they fit. */
    public GruGrad {
      Sizes s = new Sizes("gates", gates, 3);
      s.gates("dGates", dGates).gates("dRecurrent", dRecurrent);
      s.state("inner", inner).state("h", h).state("dy", dy).state("dh", dh);
    }

    int hidden() {
      return gates.cols() / 3;
    }
  }

  /** What the gates say of a cell's sizes, and the other operands must agree with. */
  private static final class Sizes {
    private final int batch;
    private final int cols;
    private final int hidden;

    Sizes(String name, Matrix gates, int kinds) {
      batch = gates.rows();
      cols = gates.cols();
      hidden = cols / kinds;
      if (cols % kinds != 0) {
        throw new IllegalArgumentException(
            name + " has " + cols + " columns; a multiple of " + kinds + " fits");
      }
      gates.writable(name);
    }

    Sizes gates(String name, Matrix gates) {
      gates.ofShape(name, batch, cols).writable(name);
      return this;
    }

    Sizes state(String name, Floats x) {
      OperandChecks.shape(name, x.length(), new int[] {batch, hidden});
      return this;
    }
  }
}

package io.hypertape.autodiff.conformance;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.Pooling;
import java.util.ArrayList;
import java.util.List;

/** What layers mean, in ordinary operations and in another way than the library has it. */
final class LayerDefinitions {

  private LayerDefinitions() {}

  /** Σ over the taps of a filter: a shifted look at the padded images, times that tap's matrix. */
  static Tensor convolution(Tensor x, Tensor filters, Convolution form) {
    int[] w = filters.shape();
    int rows = form.outputHeight(x.shape()[2], w[2]);
    int columns = form.outputWidth(x.shape()[3], w[3]);
    Tensor padded =
        x.pad(2, form.padHeight(), form.padHeight()).pad(3, form.padWidth(), form.padWidth());
    List<Tensor> groups = new ArrayList<>();
    int channels = w[1];
    int filtersAGroup = w[0] / form.groups();
    for (int g = 0; g < form.groups(); g++) {
      Tensor sum = null;
      for (int r = 0; r < w[2]; r++) {
        for (int s = 0; s < w[3]; s++) {
          Tensor seen =
              window(
                      padded.slice(1, g * channels, (g + 1) * channels),
                      new int[] {r * form.dilationHeight(), s * form.dilationWidth()},
                      new int[] {form.strideHeight(), form.strideWidth()},
                      rows,
                      columns)
                  .permute(0, 2, 3, 1)
                  .reshape(-1, channels);
          Tensor tap =
              filters
                  .slice(0, g * filtersAGroup, (g + 1) * filtersAGroup)
                  .slice(2, r, r + 1)
                  .slice(3, s, s + 1)
                  .reshape(filtersAGroup, channels);
          Tensor product = seen.matmulTransposed(tap);
          sum = sum == null ? product : sum.add(product);
        }
      }
      groups.add(sum.reshape(x.shape()[0], rows, columns, filtersAGroup).permute(0, 3, 1, 2));
    }
    return Tensor.concat(1, groups);
  }

  private static Tensor window(Tensor x, int[] begin, int[] stride, int rows, int columns) {
    return x.slice(2, begin[0], begin[0] + (rows - 1) * stride[0] + 1, stride[0])
        .slice(3, begin[1], begin[1] + (columns - 1) * stride[1] + 1, stride[1]);
  }

  /** Of windows inside the image. */
  static Tensor maxPool(Tensor x, Pooling form) {
    Tensor largest = null;
    for (Tensor seen : windows(x, form)) {
      largest = largest == null ? seen : largest.maximum(seen);
    }
    return largest;
  }

  static Tensor averagePool(Tensor x, Pooling form) {
    Tensor padded =
        x.pad(2, form.padHeight(), form.padHeight()).pad(3, form.padWidth(), form.padWidth());
    Tensor sum = null;
    for (Tensor seen : windows(padded, form)) {
      sum = sum == null ? seen : sum.add(seen);
    }
    return sum.div((double) form.windowHeight() * form.windowWidth());
  }

  private static List<Tensor> windows(Tensor x, Pooling form) {
    int rows = (x.shape()[2] - form.windowHeight()) / form.strideHeight() + 1;
    int columns = (x.shape()[3] - form.windowWidth()) / form.strideWidth() + 1;
    int[] stride = {form.strideHeight(), form.strideWidth()};
    List<Tensor> result = new ArrayList<>();
    for (int r = 0; r < form.windowHeight(); r++) {
      for (int s = 0; s < form.windowWidth(); s++) {
        result.add(window(x, new int[] {r, s}, stride, rows, columns));
      }
    }
    return result;
  }

  /** Channels as rows of a matrix. */
  static Tensor batchNorm(Tensor x, Tensor gamma, Tensor beta, double eps) {
    int[] s = x.shape();
    Tensor rows = x.permute(1, 0, 2, 3).reshape(s[1], -1);
    Tensor mean = rows.mean(1).reshape(s[1], 1);
    Tensor variance = rows.square().mean(1).reshape(s[1], 1).sub(mean.square());
    Tensor y =
        rows.sub(mean)
            .div(variance.add(eps).sqrt())
            .mul(gamma.reshape(s[1], 1))
            .add(beta.reshape(s[1], 1));
    return y.reshape(s[1], s[0], s[2], s[3]).permute(1, 0, 2, 3);
  }

  /** A product with rows that are 1 at their index. */
  static Tensor embedding(Session session, Tensor table, int... index) {
    float[] oneHot = new float[index.length * table.shape()[0]];
    for (int i = 0; i < index.length; i++) {
      oneHot[i * table.shape()[0] + index[i]] = 1;
    }
    return session.tensor(oneHot, index.length, table.shape()[0]).matmul(table);
  }

  /** From x, h₀, c₀ and weights: y, h_T and c_T along the first axis. Gate by gate. */
  static Tensor lstm(List<Tensor> in, int layers) {
    List<Tensor> last = new ArrayList<>();
    List<Tensor> cells = new ArrayList<>();
    Tensor y = in.get(0);
    for (int layer = 0; layer < layers; layer++) {
      Tensor h = state(in.get(1), layer);
      Tensor c = state(in.get(2), layer);
      List<Tensor> w = in.subList(3 + 4 * layer, 7 + 4 * layer);
      List<Tensor> outputs = new ArrayList<>();
      for (int t = 0; t < y.shape()[0]; t++) {
        Tensor x = state(y, t);
        Tensor i = fromInput(x, w, 0).add(fromState(h, w, 0)).sigmoid();
        Tensor f = fromInput(x, w, 1).add(fromState(h, w, 1)).sigmoid();
        Tensor g = fromInput(x, w, 2).add(fromState(h, w, 2)).tanh();
        Tensor o = fromInput(x, w, 3).add(fromState(h, w, 3)).sigmoid();
        c = f.mul(c).add(i.mul(g));
        h = o.mul(c.tanh());
        outputs.add(step(h));
      }
      y = Tensor.concat(0, outputs);
      last.add(step(h));
      cells.add(step(c));
    }
    last.addAll(cells);
    last.add(0, y);
    return Tensor.concat(0, last);
  }

  /** From x, h₀ and weights: y and h_T along the first axis. */
  static Tensor gru(List<Tensor> in, int layers) {
    List<Tensor> last = new ArrayList<>();
    Tensor y = in.get(0);
    for (int layer = 0; layer < layers; layer++) {
      Tensor h = state(in.get(1), layer);
      List<Tensor> w = in.subList(2 + 4 * layer, 6 + 4 * layer);
      List<Tensor> outputs = new ArrayList<>();
      for (int t = 0; t < y.shape()[0]; t++) {
        Tensor x = state(y, t);
        Tensor r = fromInput(x, w, 0).add(fromState(h, w, 0)).sigmoid();
        Tensor z = fromInput(x, w, 1).add(fromState(h, w, 1)).sigmoid();
        Tensor n = fromInput(x, w, 2).add(r.mul(fromState(h, w, 2))).tanh();
        h = z.neg().add(1).mul(n).add(z.mul(h));
        outputs.add(step(h));
      }
      y = Tensor.concat(0, outputs);
      last.add(step(h));
    }
    last.add(0, y);
    return Tensor.concat(0, last);
  }

  private static Tensor state(Tensor states, int number) {
    int[] s = states.shape();
    return states.slice(0, number, number + 1).reshape(s[1], s[2]);
  }

  private static Tensor step(Tensor h) {
    return h.reshape(1, h.shape()[0], h.shape()[1]);
  }

  private static Tensor fromInput(Tensor x, List<Tensor> w, int gate) {
    return gate(x, w.get(0), w.get(2), w.get(1).shape()[1], gate);
  }

  private static Tensor fromState(Tensor h, List<Tensor> w, int gate) {
    return gate(h, w.get(1), w.get(3), w.get(1).shape()[1], gate);
  }

  private static Tensor gate(Tensor x, Tensor weights, Tensor bias, int hidden, int gate) {
    int from = gate * hidden;
    int to = from + hidden;
    return x.matmulTransposed(weights.slice(0, from, to)).add(bias.slice(0, from, to));
  }
}

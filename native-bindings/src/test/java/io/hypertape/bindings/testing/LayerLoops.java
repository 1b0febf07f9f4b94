package io.hypertape.bindings.testing;

/** Layers in plain loops and double precision, as their definitions have them. */
public final class LayerLoops {

  private LayerLoops() {}

  /** Images, filters and the form of a convolution, in the order of cuDNN's descriptors. */
  public record Convolution(
      int n,
      int c,
      int h,
      int w,
      int k,
      int r,
      int s,
      int strideH,
      int strideW,
      int padH,
      int padW,
      int dilationH,
      int dilationW,
      int groups) {

    /** Rows of the output. */
    public int p() {
      return (h + 2 * padH - dilationH * (r - 1) - 1) / strideH + 1;
    }

    /** Columns of the output. */
    public int q() {
      return (w + 2 * padW - dilationW * (s - 1) - 1) / strideW + 1;
    }

    /** Elements of the input. */
    public int inputs() {
      return n * c * h * w;
    }

    /** Elements of the filters. */
    public int filters() {
      return k * (c / groups) * r * s;
    }

    /** Elements of the output. */
    public int outputs() {
      return n * k * p() * q();
    }

    /** Calls for each product of an input and a filter's element that an output sums. */
    private void each(Term term) {
      int depth = c / groups;
      for (int y = 0; y < outputs(); y++) {
        int image = y / (k * p() * q());
        int filter = y / (p() * q()) % k;
        for (int f = 0; f < depth * r * s; f++) {
          int channel = filter / (k / groups) * depth + f / (r * s);
          int row = y / q() % p() * strideH - padH + f / s % r * dilationH;
          int column = y % q() * strideW - padW + f % s * dilationW;
          if (row >= 0 && row < h && column >= 0 && column < w) {
            term.of(((image * c + channel) * h + row) * w + column, filter * depth * r * s + f, y);
          }
        }
      }
    }

    /** y from x and w. */
    public float[] forward(float[] x, float[] w) {
      double[] y = new double[outputs()];
      each((i, f, o) -> y[o] += (double) x[i] * w[f]);
      return floats(y);
    }

    /** x's cotangent from y's and w. */
    public float[] data(float[] dy, float[] w) {
      double[] dx = new double[inputs()];
      each((i, f, o) -> dx[i] += (double) dy[o] * w[f]);
      return floats(dx);
    }

    /** w's cotangent from x and y's cotangent. */
    public float[] filter(float[] x, float[] dy) {
      double[] dw = new double[filters()];
      each((i, f, o) -> dw[f] += (double) x[i] * dy[o]);
      return floats(dw);
    }
  }

  private interface Term {
    void of(int input, int filter, int output);
  }

  private static float[] floats(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  /** Recurrent layers over a sequence; weights as PyTorch orders them. */
  public record Recurrence(boolean lstm, int layers, int steps, int batch, int inputs, int hidden) {

    /** Gates of the cell. */
    public int gates() {
      return lstm ? 4 : 3;
    }

    /** Elements of a state. */
    public int state() {
      return layers * batch * hidden;
    }

    /** Features that a layer reads. */
    public int inputsOf(int layer) {
      return layer == 0 ? inputs : hidden;
    }

    /** Elements of all weights. */
    public int weights() {
      int count = 0;
      for (int layer = 0; layer < layers; layer++) {
        count += gates() * hidden * (inputsOf(layer) + hidden + 2);
      }
      return count;
    }

    /** Elements of x. */
    public int inputSize() {
      return steps * batch * inputs;
    }

    /** Elements of y. */
    public int outputSize() {
      return steps * batch * hidden;
    }

    /** y, h and c one after the other, from x, h, c and the weights one after the other. */
    public double[] forward(double[] in) {
      int states = lstm ? 2 : 1;
      double[] out = new double[outputSize() + states * state()];
      double[] below = java.util.Arrays.copyOf(in, inputSize());
      int w = inputSize() + states * state();
      for (int layer = 0; layer < layers; layer++) {
        double[] above = new double[outputSize()];
        for (int b = 0; b < batch; b++) {
          int first = inputSize() + (layer * batch + b) * hidden;
          double[] h = java.util.Arrays.copyOfRange(in, first, first + hidden);
          double[] c = new double[hidden];
          if (lstm) {
            System.arraycopy(in, first + state(), c, 0, hidden);
          }
          for (int t = 0; t < steps; t++) {
            h = step(in, w, layer, below, (t * batch + b) * inputsOf(layer), h, c);
            System.arraycopy(h, 0, above, (t * batch + b) * hidden, hidden);
          }
          int last = outputSize() + (layer * batch + b) * hidden;
          System.arraycopy(h, 0, out, last, hidden);
          if (lstm) {
            System.arraycopy(c, 0, out, last + state(), hidden);
          }
        }
        w += gates() * hidden * (inputsOf(layer) + hidden + 2);
        below = above;
      }
      System.arraycopy(below, 0, out, 0, below.length);
      return out;
    }

    private double[] step(
        double[] in, int w, int layer, double[] x, int at, double[] h, double[] c) {
      int rows = gates() * hidden;
      int features = inputsOf(layer);
      int wh = w + rows * features;
      int bx = wh + rows * hidden;
      double[] fromInput = new double[rows];
      double[] fromHidden = new double[rows];
      for (int i = 0; i < rows; i++) {
        fromInput[i] = in[bx + i];
        fromHidden[i] = in[bx + rows + i];
        for (int j = 0; j < features; j++) {
          fromInput[i] += in[w + i * features + j] * x[at + j];
        }
        for (int j = 0; j < hidden; j++) {
          fromHidden[i] += in[wh + i * hidden + j] * h[j];
        }
      }
      double[] next = new double[hidden];
      for (int j = 0; j < hidden; j++) {
        double first = sigmoid(fromInput[j] + fromHidden[j]);
        double second = sigmoid(fromInput[hidden + j] + fromHidden[hidden + j]);
        double x2 = fromInput[2 * hidden + j];
        double h2 = fromHidden[2 * hidden + j];
        if (lstm) {
          c[j] = second * c[j] + first * Math.tanh(x2 + h2);
          double out = sigmoid(fromInput[3 * hidden + j] + fromHidden[3 * hidden + j]);
          next[j] = out * Math.tanh(c[j]);
        } else {
          next[j] = (1 - second) * Math.tanh(x2 + first * h2) + second * h[j];
        }
      }
      return next;
    }

    private static double sigmoid(double x) {
      return 1 / (1 + Math.exp(-x));
    }

    /** The derivative of the cotangent's product with the results, by central differences. */
    public double[] gradient(double[] in, double[] cotangent) {
      double[] gradient = new double[in.length];
      double step = 1e-5;
      for (int i = 0; i < in.length; i++) {
        double[] moved = in.clone();
        moved[i] = in[i] + step;
        double right = product(forward(moved), cotangent);
        moved[i] = in[i] - step;
        gradient[i] = (right - product(forward(moved), cotangent)) / (2 * step);
      }
      return gradient;
    }

    private static double product(double[] a, double[] b) {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum += a[i] * b[i];
      }
      return sum;
    }
  }
}

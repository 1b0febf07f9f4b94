package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.ConvolutionPass;
import io.hypertape.autodiff.backend.LayerKernel;
import io.hypertape.tensor.Convolution;
import java.util.List;

/**
 * The three products of a convolution. Each is linear in either operand, and its derivatives are
 * the other two: with ⟨ȳ, x ∗ w⟩ = ⟨x, DATA(ȳ, w)⟩ = ⟨w, FILTER(x, ȳ)⟩ any order follows.
 */
final class ConvolutionOps {

  private ConvolutionOps() {}

  static Tensor convolution(Tensor x, Tensor filters, Convolution form) {
    int[] shape = outputShape(x, filters, form);
    return x.session().backend().has(LayerKernel.CONVOLUTION)
        ? run(ConvolutionPass.FORWARD, form, x, filters, shape)
        : ConvolutionDefinition.apply(x, filters, form, shape);
  }

  private static Tensor data(Tensor dy, Tensor w, Convolution form, int[] shape) {
    return run(ConvolutionPass.DATA, form, dy, w, shape);
  }

  private static Tensor filter(Tensor x, Tensor dy, Convolution form, int[] shape) {
    return run(ConvolutionPass.FILTER, form, x, dy, shape);
  }

  private static Tensor run(
      ConvolutionPass pass, Convolution form, Tensor a, Tensor b, int[] shape) {
    return a.session().apply(new Product(pass, form, shape), a.contiguous(), b.contiguous());
  }

  private static int[] outputShape(Tensor x, Tensor w, Convolution form) {
    LayerShapes.images("convolution", x);
    int[] in = x.dims();
    int[] filters = w.requireFloating("convolution").dims();
    if (filters.length != 4) {
      throw mismatch(x, w, "filters [filters, channels/groups, height, width] are needed");
    }
    if (in[1] != filters[1] * form.groups() || filters[0] % form.groups() != 0) {
      throw mismatch(
          x,
          w,
          "in "
              + form.groups()
              + " groups the image's channels must be "
              + form.groups()
              + " times the filters', and the number of filters a multiple of "
              + form.groups());
    }
    int height = form.outputHeight(in[2], filters[2]);
    int width = form.outputWidth(in[3], filters[3]);
    if (height < 1 || width < 1 || filters[2] < 1 || filters[3] < 1) {
      throw mismatch(
          x,
          w,
          "no window fits: with padding "
              + form.padHeight()
              + "×"
              + form.padWidth()
              + " and dilation "
              + form.dilationHeight()
              + "×"
              + form.dilationWidth()
              + " the output would have "
              + Math.max(height, 0)
              + "×"
              + Math.max(width, 0)
              + " elements");
    }
    return new int[] {in[0], filters[0], height, width};
  }

  private static IllegalArgumentException mismatch(Tensor x, Tensor w, String what) {
    return new IllegalArgumentException(
        "convolution: images "
            + Shapes.text(x.dims())
            + " and filters "
            + Shapes.text(w.dims())
            + "; "
            + what);
  }

  private static final class Product extends Op.Single {
    private final ConvolutionPass pass;
    private final Convolution form;
    private final int[] shape;

    Product(ConvolutionPass pass, Convolution form, int[] shape) {
      this.pass = pass;
      this.form = form;
      this.shape = shape;
    }

    @Override
    String name() {
      return "convolution";
    }

    @Override
    Tensor compute(Session session, List<Tensor> inputs) {
      Tensor a = inputs.get(0);
      Tensor b = inputs.get(1);
      Tensor out = session.allocate(Shapes.checked(shape));
      if (a.size() == 0 || b.size() == 0 || out.size() == 0) {
        session.backend().fill(0, out.view());
      } else {
        session.backend().convolution(pass, form, a.view(), b.view(), out.view());
      }
      return out;
    }

    @Override
    Tensor vjp(Node node, Tensor c, int input) {
      Tensor a = node.input(0);
      Tensor b = node.input(1);
      return switch (pass) {
        case FORWARD -> input == 0 ? data(c, b, form, a.dims()) : filter(a, c, form, b.dims());
        case DATA ->
            input == 0
                ? run(ConvolutionPass.FORWARD, form, c, b, a.dims())
                : filter(c, a, form, b.dims());
        case FILTER ->
            input == 0
                ? data(b, c, form, a.dims())
                : run(ConvolutionPass.FORWARD, form, a, c, b.dims());
      };
    }
  }
}

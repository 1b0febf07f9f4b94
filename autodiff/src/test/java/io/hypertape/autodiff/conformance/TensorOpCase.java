package io.hypertape.autodiff.conformance;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One use of an operation, and what PyTorch 2.13 computes of it in float64. Tensor k of a case is
 * sin(i·STEPS[k] + BEGINS[k]) at its i-th element, an index the last one.
 *
 * @param name what it is called in PyTorch, nearly
 * @param function from tensors and index to the result
 * @param shapes of the tensors
 * @param index the index' elements, none if there is no index
 * @param indexShape its shape
 * @param result the result's shape
 * @param expected with p(y, s) = Σᵢ yᵢ·cos(s·i): p(·, 0.11) of the result r, of the derivatives of
 *     p(r, 0.7), and of the derivatives of the sum of those' p(·, 0.3)
 */
record TensorOpCase(
    String name,
    UnaryOperator<List<Tensor>> function,
    List<int[]> shapes,
    int[] index,
    int[] indexShape,
    int[] result,
    double[] expected) {

  private static final double[] STEPS = {0.37, 0.29};
  private static final double[] BEGINS = {1, 0.4};

  @Override
  public String toString() {
    return name;
  }

  /** The tensors, with lives of their own if no scope is open. */
  List<Tensor> inputs(Session session) {
    List<Tensor> inputs = new ArrayList<>();
    for (int k = 0; k < shapes.size(); k++) {
      double[] values = new double[size(shapes.get(k))];
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.sin(i * STEPS[k] + BEGINS[k]);
      }
      inputs.add(session.tensor(values, shapes.get(k)));
    }
    return inputs;
  }

  /** The index alone, or nothing. */
  List<Tensor> indices(Session session) {
    return index.length == 0 ? List.of() : List.of(session.indices(index).reshape(indexShape));
  }

  Tensor apply(List<Tensor> inputs, List<Tensor> indices) {
    List<Tensor> all = new ArrayList<>(inputs);
    all.addAll(indices);
    return function.apply(all).get(0);
  }

  private static int size(int... shape) {
    int size = 1;
    for (int length : shape) {
      size *= length;
    }
    return size;
  }

  private static int[] s(int... shape) {
    return shape;
  }

  private static double[] d(double... values) {
    return values;
  }

  private static Tensor where(Tensor x, Tensor y) {
    return Tensor.where(x.greaterThan(0.3), x.square(), y.mul(x.square()));
  }

  static Stream<TensorOpCase> all() {
    return Stream.of(
        new TensorOpCase(
            "matmul of a stack and a matrix",
            x -> List.of(x.get(0).matmul(x.get(1)).square()),
            List.of(s(2, 3, 4), s(4, 5)),
            s(),
            s(),
            s(2, 3, 5),
            d(-2.17809905143, -0.279380472247, 19.626354628, 1.13009054974, 33.6276149611)),
        new TensorOpCase(
            "matmul of stacks",
            x -> List.of(x.get(0).matmul(x.get(1)).square()),
            List.of(s(2, 3, 4), s(2, 4, 5)),
            s(),
            s(),
            s(2, 3, 5),
            d(-1.95399728879, -1.86685571528, -11.623994562, -0.671916297289, -46.7023591617)),
        new TensorOpCase(
            "matmul of broadcast stacks",
            x -> List.of(x.get(0).matmul(x.get(1)).square()),
            List.of(s(3, 1, 2, 4), s(2, 4, 5)),
            s(),
            s(),
            s(3, 2, 2, 5),
            d(0.983737411813, -4.17667226074, 21.1200731959, -7.99694038195, 43.937342408)),
        new TensorOpCase(
            "matmul of a matrix and a stack",
            x -> List.of(x.get(0).matmul(x.get(1)).square()),
            List.of(s(2, 4), s(2, 4, 5)),
            s(),
            s(),
            s(2, 2, 5),
            d(2.49007153419, 0.793024702284, -1.1548623172, -1.42496350171, -0.260912776553)),
        new TensorOpCase(
            "matmulTransposed of stacks",
            x -> List.of(x.get(0).matmulTransposed(x.get(1)).square()),
            List.of(s(3, 2, 4), s(3, 5, 4)),
            s(),
            s(),
            s(3, 2, 5),
            d(12.1866041205, 23.497352346, 3.7180315286, 27.2903012829, 23.5185853799)),
        new TensorOpCase(
            "matmulTransposed of a stack and a matrix",
            x -> List.of(x.get(0).matmulTransposed(x.get(1)).square()),
            List.of(s(3, 2, 4), s(5, 4)),
            s(),
            s(),
            s(3, 2, 5),
            d(11.3611234705, 17.1728042255, 39.0268926273, 14.5266336927, 153.797885229)),
        new TensorOpCase(
            "softmax of axis 0",
            x -> List.of(x.get(0).softmax(0)),
            List.of(s(2, 3, 4)),
            s(),
            s(),
            s(2, 3, 4),
            d(1.36225414824, 0.36036271989, -1.33067009755)),
        new TensorOpCase(
            "softmax of axis -2",
            x -> List.of(x.get(0).softmax(-2)),
            List.of(s(2, 3, 4)),
            s(),
            s(),
            s(2, 3, 4),
            d(1.96482914873, -0.0072295565724, 0.478635680089)),
        new TensorOpCase(
            "logSoftmax of axis -1",
            x -> List.of(x.get(0).logSoftmax(-1)),
            List.of(s(2, 3, 4)),
            s(),
            s(),
            s(2, 3, 4),
            d(-7.4465657209, 0.077875300752, 0.0140391973441)),
        new TensorOpCase(
            "logSoftmax of axis 1",
            x -> List.of(x.get(0).logSoftmax(1)),
            List.of(s(2, 3, 4)),
            s(),
            s(),
            s(2, 3, 4),
            d(-7.19003141347, -1.31276333109, -0.437306906115)),
        new TensorOpCase(
            "logSoftmax of a matrix' columns",
            x -> List.of(x.get(0).logSoftmax(0)),
            List.of(s(5, 3)),
            s(),
            s(),
            s(5, 3),
            d(-15.4335158115, 0.982947769654, 0.10677352766)),
        new TensorOpCase(
            "softmax of a vector",
            x -> List.of(x.get(0).softmax(0)),
            List.of(s(7)),
            s(),
            s(),
            s(7),
            d(0.945160559173, 0.0351031044339, -0.00513417956088)),
        new TensorOpCase(
            "cumsum of axis 1",
            x -> List.of(x.get(0).cumsum(1).square()),
            List.of(s(2, 5, 3)),
            s(),
            s(),
            s(2, 5, 3),
            d(-1.8598665279, 2.55643422139, -10.3952211876)),
        new TensorOpCase(
            "cumsum of axis -1",
            x -> List.of(x.get(0).cumsum(-1).square()),
            List.of(s(2, 3, 7)),
            s(),
            s(),
            s(2, 3, 7),
            d(23.9241154024, -76.6438991558, -179.284263156)),
        new TensorOpCase(
            "gather of single places",
            x -> List.of(x.get(0).gather(1, x.get(1)).square()),
            List.of(s(2, 3, 4)),
            s(2, 0, 1, 1, 0, 0, 2, 1),
            s(2, 1, 4),
            s(2, 1, 4),
            d(3.11104566856, 1.34639457597, 1.97298540153)),
        new TensorOpCase(
            "gather of many places",
            x -> List.of(x.get(0).gather(-1, x.get(1)).square()),
            List.of(s(2, 3, 4)),
            s(
                3, 0, 1, 1, 1, 0, 2, 3, 3, 0, 1, 1, 1, 0, 2, 3, 3, 0, 1, 1, 1, 0, 2, 3, 1, 2, 3, 1,
                1, 3, 1, 0, 1, 2, 3, 1, 1, 3, 1, 0, 1, 2, 3, 1, 1, 3, 1, 0),
            s(2, 3, 8),
            s(2, 3, 8),
            d(-2.46233601491, -3.44522276473, -3.82403609003)),
        new TensorOpCase(
            "gather in a part",
            x -> List.of(x.get(0).gather(0, x.get(1)).square()),
            List.of(s(2, 3, 4)),
            s(1, 0, 0, 1, 0, 0, 1, 1, 1, 0, 1, 1),
            s(3, 2, 2),
            s(3, 2, 2),
            d(6.10219880339, -0.418265782278, -0.962296753455)),
        new TensorOpCase(
            "take",
            x -> List.of(x.get(0).take(1, x.get(1)).square()),
            List.of(s(2, 3, 4)),
            s(2, 2, 0, 1),
            s(4),
            s(2, 4, 4),
            d(2.86169453505, 5.58613781246, 6.33507726551)),
        new TensorOpCase(
            "where",
            x -> List.of(where(x.get(0), x.get(1))),
            List.of(s(2, 3, 4), s(3, 1)),
            s(),
            s(),
            s(2, 3, 4),
            d(3.27918651309, -2.07542411613, 1.45591033233, -0.0349862320853, 2.47630253676)),
        new TensorOpCase(
            "einsum bij,bjk->bik",
            x -> List.of(Tensor.einsum("bij,bjk->bik", x.get(0), x.get(1)).square()),
            List.of(s(2, 3, 4), s(2, 4, 5)),
            s(),
            s(),
            s(2, 3, 5),
            d(-1.95399728879, -1.86685571528, -11.623994562, -0.671916297289, -46.7023591617)),
        new TensorOpCase(
            "einsum abc,cbd->da",
            x -> List.of(Tensor.einsum("abc,cbd->da", x.get(0), x.get(1)).square()),
            List.of(s(2, 3, 4), s(4, 3, 2)),
            s(),
            s(),
            s(2, 2),
            d(1.22173993786, 0.671620797527, 3.01145571237, 1.83704576707, 5.56825436188)),
        new TensorOpCase(
            "einsum abc,dbe->b",
            x -> List.of(Tensor.einsum("abc,dbe->b", x.get(0), x.get(1)).square()),
            List.of(s(2, 3, 4), s(4, 3, 2)),
            s(),
            s(),
            s(3),
            d(5.6049240797, 2.88276101211, 20.0287924423, 13.444500064, 103.479524957)),
        new TensorOpCase(
            "einsum abc,cbd->cdab",
            x -> List.of(Tensor.einsum("abc,cbd->cdab", x.get(0), x.get(1)).square()),
            List.of(s(2, 3, 4), s(4, 3, 2)),
            s(),
            s(),
            s(4, 2, 2, 3),
            d(-1.78268723481, -1.21553633761, 0.234459804645, -4.69337766294, 0.898236295483)),
        new TensorOpCase(
            "einsum abc,cbd->",
            x -> List.of(Tensor.einsum("abc,cbd->", x.get(0), x.get(1)).square()),
            List.of(s(2, 3, 4), s(4, 3, 2)),
            s(),
            s(),
            s(),
            d(
                0.000326529159778,
                -0.0565618417376,
                -0.186466045586,
                -3.27094489144,
                -10.7567254043)),
        new TensorOpCase(
            "einsum abc,cbd->abd",
            x -> List.of(Tensor.einsum("abc,cbd->abd", x.get(0), x.get(1)).square()),
            List.of(s(2, 3, 4), s(4, 3, 2)),
            s(),
            s(),
            s(2, 3, 2),
            d(1.9674230863, -0.0984386733977, -0.468537080927, 0.478899869446, 1.19776224438)),
        new TensorOpCase(
            "einsum acb,cbd",
            x -> List.of(Tensor.einsum("acb,cbd", x.get(0), x.get(1)).square()),
            List.of(s(2, 4, 3), s(4, 3, 2)),
            s(),
            s(),
            s(2, 2),
            d(56.6025938614, 19.469424133, 77.5829659795, 15.5654700806, 101.392715823)),
        new TensorOpCase(
            "einsum ij,ij->i",
            x -> List.of(Tensor.einsum("ij,ij->i", x.get(0), x.get(1)).square()),
            List.of(s(3, 4), s(3, 4)),
            s(),
            s(),
            s(3),
            d(7.0179353948, 16.5448269847, 18.8585241957, 48.4862500755, 54.0628169162)),
        new TensorOpCase(
            "einsum i,j->ji",
            x -> List.of(Tensor.einsum("i,j->ji", x.get(0), x.get(1)).square()),
            List.of(s(3), s(4)),
            s(),
            s(),
            s(4, 3),
            d(3.70785657801, 2.56731682517, 2.3095675491, 5.37879301788, 6.61553098988)),
        new TensorOpCase(
            "einsum ,ij->j",
            x -> List.of(Tensor.einsum(",ij->j", x.get(0), x.get(1)).square()),
            List.of(s(), s(3, 4)),
            s(),
            s(),
            s(4),
            d(6.90494910078, 8.77654444961, 10.0755157399, 16.1547186603, 27.5598175166)),
        new TensorOpCase(
            "sumKeepDims",
            x -> List.of(x.get(0).mul(x.get(0).sumKeepDims()).square()),
            List.of(s(2, 3, 4)),
            s(),
            s(),
            s(2, 3, 4),
            d(74.6032313402, 170.018493612, 481.037168574)),
        new TensorOpCase(
            "meanKeepDims",
            x -> List.of(x.get(0).sub(x.get(0).meanKeepDims(0, 2)).square()),
            List.of(s(2, 3, 4)),
            s(),
            s(),
            s(2, 3, 4),
            d(1.7793241372, -2.8417746212, -2.09293495146)),
        new TensorOpCase(
            "maxKeepDims",
            x -> List.of(x.get(0).mul(x.get(0).maxKeepDims(1)).square()),
            List.of(s(2, 3, 4)),
            s(),
            s(),
            s(2, 3, 4),
            d(3.15607522484, 2.2238470004, 14.8616479563)),
        new TensorOpCase(
            "minKeepDims",
            x -> List.of(x.get(0).sub(x.get(0).minKeepDims(-1)).square()),
            List.of(s(2, 3, 4)),
            s(),
            s(),
            s(2, 3, 4),
            d(0.472262547913, -0.332655665078, -0.644807100475)));
  }
}

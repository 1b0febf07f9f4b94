package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.Strided;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernels' calls of a recurrent layer's pass, all of its steps', in their order. States and
 * gates are matrices of a block of rows for each step: [T·B, features].
 */
abstract class RecurrentCalls {

  final Kernels kernels;
  final RecurrentScratch scratch;
  final RecurrentLayout at;
  private final List<Call> calls = new ArrayList<>();

  RecurrentCalls(Kernels kernels, RecurrentScratch scratch, RecurrentLayout at) {
    this.kernels = kernels;
    this.scratch = scratch;
    this.at = at;
  }

  final void add(Call call) {
    calls.add(call);
  }

  /** All of them as one. */
  final Call made() {
    Call[] all = calls.toArray(Call[]::new);
    return () -> {
      for (Call call : all) {
        call.run();
      }
    };
  }

  /** c = a·b + beta·c. */
  final void product(Matrix a, Matrix b, float beta, Matrix c) {
    add(kernels.products().gemm(a, b, beta, c));
  }

  final void copy(Matrix from, Matrix to) {
    add(kernels.elementwise().copy(strided(from), strided(to)));
  }

  private static Strided strided(Matrix x) {
    int[] shape = {x.rows(), x.cols()};
    return new Strided(x.array(), x.offset(), shape, new int[] {x.rowStride(), x.colStride()});
  }

  final void copy(Floats from, Floats to) {
    add(
        () ->
            System.arraycopy(from.array(), from.offset(), to.array(), to.offset(), from.length()));
  }

  /** All steps of a sequence, or all layers' states, as rows. */
  static Matrix rows(View view) {
    int features = view.shape()[view.shape().length - 1];
    int rows = view.size() / features;
    return Matrix.dense(CpuBackend.floats(view), view.offset(), rows, features);
  }

  /** The rows of a step, or of a layer's states. */
  final Matrix block(Matrix rows, int i) {
    return blocks(rows, i, i + 1);
  }

  final Matrix blocks(Matrix rows, int from, int to) {
    int batch = at.form().batch();
    return rows.part(from * batch, (to - from) * batch, 0, rows.cols());
  }

  /** The same as the run of floats that cells take. */
  final Floats state(Matrix rows, int i) {
    return new Floats(rows.array(), rows.row(i * at.form().batch()), at.state());
  }

  /** Rows of gates in scratch. */
  final Matrix gates(float[] array, int rows) {
    return new Matrix(array, 0, rows, at.gates(), at.gateRow(), 1);
  }
}

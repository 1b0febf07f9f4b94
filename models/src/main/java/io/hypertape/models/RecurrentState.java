package io.hypertape.models;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Session;
import java.util.List;

/**
 * The state that a recurrent model carries from one piece of its sequences to the next: h and c of
 * every layer, [layers, batch, hidden]. Its memory is freed when it is closed, or when nobody can
 * reach it any more.
 */
public final class RecurrentState implements AutoCloseable {

  private final Buffer hidden;
  private final Buffer cell;
  private final int size;

  RecurrentState(Session session, int layers, int batch, int units) {
    ParameterFactory factory = new ParameterFactory(session, 0);
    this.hidden = factory.buffer("hidden", new int[] {layers, batch, units}, 0);
    this.cell = factory.buffer("cell", new int[] {layers, batch, units}, 0);
    this.size = layers * batch * units;
  }

  /**
   * What is carried.
   *
   * @return h and c
   */
  public List<Buffer> values() {
    return List.of(hidden, cell);
  }

  Buffer hidden() {
    return hidden;
  }

  Buffer cell() {
    return cell;
  }

  /** Frees the memory, from any thread. Closing twice does nothing. */
  @Override
  public void close() {
    hidden.close();
    cell.close();
  }

  /** Begins new sequences: zeros. */
  public void reset() {
    hidden.set(new float[size]);
    cell.set(new float[size]);
  }
}

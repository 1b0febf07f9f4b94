package io.hypertape.autodiff;

import java.util.HashMap;
import java.util.Map;

/** Scalars of a session that are shared by all who ask for the same value. */
final class Constants {

  private static final int CACHED = 1024;

  private final Session session;
  private final Map<Double, Tensor> cached = new HashMap<>();

  Constants(Session session) {
    this.session = session;
  }

  /** Lives as long as the session; of too many values, as long as the current scope. */
  Tensor of(double value) {
    Tensor known = cached.get(value);
    if (known != null) {
      return known;
    }
    session.checkThread();
    boolean keep = cached.size() < CACHED;
    Scopes scopes = session.scopes();
    Tensor fresh =
        keep
            ? scopes.allocateHome(session.dtype())
            : scopes.allocateIn(scopes.current("constant"), session.dtype());
    session.backend().fill(value, fresh.view());
    if (keep) {
      cached.put(value, fresh);
    }
    return fresh;
  }
}

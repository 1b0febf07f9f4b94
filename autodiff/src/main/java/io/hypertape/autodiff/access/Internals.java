package io.hypertape.autodiff.access;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.internal.Access;
import java.lang.invoke.MethodHandles;

/** What only this library's own modules may do with sessions, scopes, tapes and parameters. */
public final class Internals {

  /** The one way to it; a constant, so that a call costs what a method of those types' would. */
  public static final Access<Session, Scope, Tape, Parameter, Tensor> INTERNALS = find();

  private Internals() {}

  // Session installs what is of exactly these types.
  @SuppressWarnings("unchecked")
  private static Access<Session, Scope, Tape, Parameter, Tensor> find() {
    try {
      MethodHandles.lookup().ensureInitialized(Session.class);
    } catch (IllegalAccessException e) {
      throw new AssertionError("a public class is accessible", e);
    }
    return (Access<Session, Scope, Tape, Parameter, Tensor>) Access.installed();
  }
}

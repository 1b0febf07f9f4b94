package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.internal.Access;
import io.hypertape.autodiff.internal.OperationLog;
import io.hypertape.autodiff.internal.UndoLog;
import io.hypertape.autodiff.internal.Workspace;
import java.util.List;
import java.util.function.UnaryOperator;

/** Lets this library's own modules to what is hidden from others. */
final class SessionAccess extends Access<Session, Scope, Tape, Parameter, Tensor> {

  @Override
  public Workspace workspace(Session session) {
    session.checkThread();
    session.lifetimes().settle();
    return new SlotWorkspace(session);
  }

  @Override
  public Tape tape(Session session, Workspace storage) {
    Tape tape = session.tape();
    takeFrom(tape, storage);
    return tape;
  }

  @Override
  public UndoLog undoLog(Session session) {
    session.checkThread();
    return new StateUndoLog(session, session.scopes().current("undo log"));
  }

  @Override
  public OperationLog operationLog(Session session) {
    session.checkThread();
    return new OutputLog(session);
  }

  @Override
  public boolean canRecord(Session session) {
    return session.backend().canRecord();
  }

  @Override
  public List<String> fallbacks(Session session) {
    return session.backend().fallbacks();
  }

  @Override
  public Recording record(Session session, Runnable work) {
    return session.funnel().record(work);
  }

  @Override
  public void later(Session session, Runnable action) {
    session.lifetimes().later(action);
  }

  @Override
  public boolean isOwner(Session session) {
    return session.isOwner();
  }

  @Override
  public void checkOwner(Session session) {
    if (!session.isClosed()) {
      session.lifetimes().checkOwner();
    }
  }

  @Override
  public Backend backend(Session session) {
    return session.backend();
  }

  @Override
  public void during(Session session, UnaryOperator<Backend> around, Runnable work) {
    session.checkThread();
    session.during(around, work);
  }

  @Override
  public void takeFrom(Scope scope, Workspace storage) {
    scope.takeFrom((SlotWorkspace) storage);
  }

  @Override
  public Tensor move(Scope scope, Tensor tensor) {
    return tensor.moveTo(scope);
  }

  @Override
  public Tensor show(Scope scope, Tensor tensor) {
    return scope.show(tensor);
  }

  @Override
  public List<Tensor> pullBack(
      Tape tape, List<Tensor> values, List<Tensor> cotangents, List<Tensor> targets) {
    return tape.pullBack(values, cotangents, targets);
  }

  @Override
  public boolean isSameStorage(Tensor one, Tensor other) {
    return one.isSameStorage(other);
  }

  @Override
  public boolean isOf(Scope scope, Tensor tensor) {
    return tensor.scope() == scope;
  }

  @Override
  public void keep(Tape tape) {
    tape.keep();
  }

  @Override
  public void rewind(Tape tape) {
    tape.rewind();
  }

  @Override
  public void forget(Tape tape) {
    tape.forget();
  }

  @Override
  public void place(Parameter parameter, Tensor value) {
    parameter.place(value);
  }

  @Override
  public Tensor tracked(Parameter parameter) {
    return parameter.tracked();
  }

  @Override
  public Tensor storage(Parameter parameter) {
    return parameter.storage();
  }

  @Override
  public void commit(Parameter parameter) {
    parameter.commit();
  }
}

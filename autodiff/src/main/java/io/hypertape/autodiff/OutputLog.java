package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.internal.OperationLog;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Operations by name, and the views that they gave, whose elements are there until overwritten. */
final class OutputLog implements OperationLog {

  private final Session session;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<Parameter, Tensor> reads = new LinkedHashMap<>();

  /** An operation's outputs, as the storage that they lie in holds them. */
  private record Entry(String name, List<View> outputs, boolean isView) {

    /** Whether another one of this name gives the same elements of its operands, or as many. */
    boolean isLike(Entry other) {
      if (!name.equals(other.name) || outputs.size() != other.outputs.size()) {
        return false;
      }
      for (int i = 0; i < outputs.size(); i++) {
        View mine = outputs.get(i);
        View theirs = other.outputs.get(i);
        if (!Arrays.equals(mine.shape(), theirs.shape())
            || !Arrays.equals(mine.strides(), theirs.strides())
            || (isView && mine.offset() != theirs.offset())) {
          return false;
        }
      }
      return true;
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("'" + name + "' of shape ");
      for (int i = 0; i < outputs.size(); i++) {
        text.append(i == 0 ? "" : " and ").append(Shapes.text(outputs.get(i).shape()));
      }
      return text.toString();
    }
  }

  OutputLog(Session session) {
    this.session = session;
  }

  /** A parameter's value is read that is none of this work's tape. */
  void isRead(Parameter parameter, Tensor value) {
    reads.putIfAbsent(parameter, value);
  }

  @Override
  public boolean readsWhereItDid() {
    if (reads.isEmpty()) {
      return true;
    }
    for (Map.Entry<Parameter, Tensor> read : reads.entrySet()) {
      if (!read.getKey().tracked().isSameStorage(read.getValue())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public <T> T during(Supplier<T> work) {
    Nulls.check(work, "operation log: work");
    OutputLog outer = session.funnel().setOperationLog(this);
    try {
      return work.get();
    } finally {
      session.funnel().setOperationLog(outer);
    }
  }

  void add(String name, List<Tensor> inputs, List<Tensor> outputs) {
    List<View> views = new ArrayList<>(outputs.size());
    boolean isView = false;
    for (Tensor output : outputs) {
      views.add(output.view());
      isView |= !output.view().isContiguous();
      for (Tensor input : inputs) {
        isView |= input.view().storage() == output.view().storage();
      }
    }
    entries.add(new Entry(name, views, isView));
  }

  @Override
  public Digests digests() {
    session.checkThread();
    Digester digester = new Digester(session.backend());
    long[] values = new long[entries.size()];
    for (int i = 0; i < values.length; i++) {
      Entry entry = entries.get(i);
      if (!entry.isView()) {
        for (View output : entry.outputs()) {
          values[i] = 31 * values[i] + digester.digest(output);
        }
      }
    }
    return new Digests(values);
  }

  @Override
  public Optional<String> differsInOperations(OperationLog log) {
    Nulls.check(log, "differsInOperations: log");
    OutputLog other = (OutputLog) log;
    int common = Math.min(entries.size(), other.entries.size());
    for (int i = 0; i < common; i++) {
      if (!entries.get(i).isLike(other.entries.get(i))) {
        return Optional.of(place(i) + ", is " + other.entries.get(i));
      }
    }
    if (entries.size() == other.entries.size()) {
      return Optional.empty();
    }
    return Optional.of(
        entries.size() > common
            ? place(common) + ", is missing"
            : other.place(common) + ", is new, after all that was there");
  }

  @Override
  public Optional<String> differsInValues(Digests these, Digests others) {
    Nulls.check(these, "differsInValues: these");
    Nulls.check(others, "differsInValues: others");
    int at = these.mismatch(others);
    return at < 0 ? Optional.empty() : Optional.of(place(at) + ", gives other values");
  }

  private String place(int i) {
    return "operation " + (i + 1) + " of " + entries.size() + ", " + entries.get(i);
  }
}

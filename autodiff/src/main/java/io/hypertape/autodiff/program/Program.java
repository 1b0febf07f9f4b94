package io.hypertape.autodiff.program;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.View;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A computation for inputs of one shape, which any number of backends of one kind may load: what
 * does not depend on the input is computed once, for all of them.
 */
final class Program {

  private final Symbol input;
  private final View output;
  private final List<Step> repeated = new ArrayList<>();
  private final Map<Symbol, Storage> constants = new IdentityHashMap<>();
  private final ProgramWeights weights;
  private final SlotPlan plan;

  /** A program of what was taken down, whose constants a backend computes now. */
  Program(Outline outline, ProgramWeights weights, Backend first) {
    this.input = outline.input();
    this.output = outline.output();
    this.weights = weights;
    List<Step> steps = first.fusesScaling() ? ScalingFusion.of(outline) : outline.steps();
    Set<Symbol> dependent = dependent(steps, input);
    for (Step step : steps) {
      if (isDependent(step, dependent)) {
        repeated.add(step);
      } else {
        compute(step, first);
      }
    }
    this.plan = new SlotPlan(repeated, input, output, constants.keySet());
  }

  /** What depends on the input: all that a step writes that reads, or writes, something of it. */
  private static Set<Symbol> dependent(List<Step> steps, Symbol input) {
    Set<Symbol> found = Collections.newSetFromMap(new IdentityHashMap<>());
    found.add(input);
    int before = 0;
    while (found.size() > before) {
      before = found.size();
      for (Step step : steps) {
        if (isDependent(step, found)) {
          for (View written : step.writes()) {
            found.add((Symbol) written.storage());
          }
        }
      }
    }
    return found;
  }

  private static boolean isDependent(Step step, Set<Symbol> dependent) {
    for (View[] views : new View[][] {step.reads(), step.writes()}) {
      for (View view : views) {
        if (view.storage() instanceof Symbol symbol && dependent.contains(symbol)) {
          return true;
        }
      }
    }
    return false;
  }

  private void compute(Step step, Backend first) {
    for (View written : step.writes()) {
      constants.computeIfAbsent(
          (Symbol) written.storage(), symbol -> first.allocate(symbol.type(), symbol.size()));
    }
    step.placed(
            view ->
                view.storage() instanceof Symbol symbol
                    ? moved(view, constants.get(symbol))
                    : weights.place(view))
        .run(first);
  }

  private static View moved(View view, Storage storage) {
    return new View(storage, view.offset(), view.shape(), view.strides());
  }

  /** A program's work on a backend, with places of its own. */
  LoadedProgram load(Backend backend) {
    List<Storage> slots = new ArrayList<>();
    for (SlotPlan.Slot slot : plan.slots()) {
      slots.add(backend.allocate(slot.type(), slot.size()));
    }
    List<Runnable> work = new ArrayList<>();
    for (Step step : repeated) {
      Step placed = step.placed(view -> place(view, slots));
      work.add(() -> placed.run(backend));
    }
    return new LoadedProgram(backend, slots.get(plan.placeOf(input)), work, place(output, slots));
  }

  private View place(View view, List<Storage> slots) {
    if (!(view.storage() instanceof Symbol symbol)) {
      return weights.place(view);
    }
    Storage constant = constants.get(symbol);
    return moved(view, constant == null ? slots.get(plan.placeOf(symbol)) : constant);
  }
}

package io.hypertape.autodiff.program;

import io.hypertape.autodiff.backend.View;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which of the symbols that steps write can lie at one place, as no two of them are needed at the
 * same time.
 */
final class SlotPlan {

  private final List<Slot> slots = new ArrayList<>();
  private final Map<Symbol, Integer> places = new IdentityHashMap<>();
  private final Set<Integer> idle = new TreeSet<>();

  /** A place. */
  record Slot(DType type, int size) {}

  /**
   * Places for steps.
   *
   * @param steps in their order
   * @param input is there at first
   * @param output is there in the end
   * @param others have places of their own
   */
  SlotPlan(List<Step> steps, Symbol input, View output, Set<Symbol> others) {
    Map<Symbol, Integer> ends = new IdentityHashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      for (Symbol symbol : symbols(steps.get(i))) {
        ends.put(symbol, i);
      }
    }
    if (output.storage() instanceof Symbol symbol) {
      ends.put(symbol, steps.size());
    }
    take(input);
    for (int i = 0; i < steps.size(); i++) {
      List<Symbol> symbols = symbols(steps.get(i));
      for (Symbol symbol : symbols) {
        if (!others.contains(symbol) && !places.containsKey(symbol)) {
          take(symbol);
        }
      }
      for (Symbol symbol : symbols) {
        if (!others.contains(symbol) && ends.get(symbol) == i) {
          idle.add(places.get(symbol));
        }
      }
    }
  }

  private static List<Symbol> symbols(Step step) {
    List<Symbol> found = new ArrayList<>();
    for (View[] views : new View[][] {step.reads(), step.writes()}) {
      for (View view : views) {
        if (view.storage() instanceof Symbol symbol) {
          found.add(symbol);
        }
      }
    }
    return found;
  }

  /**
   * The smallest idle place that is large enough, else the largest, made larger, else a new one.
   */
  private void take(Symbol symbol) {
    int best = -1;
    for (int i : idle) {
      Slot slot = slots.get(i);
      boolean fits = slot.type == symbol.type();
      if (fits && (best < 0 || isBetter(slot.size, slots.get(best).size, symbol.size()))) {
        best = i;
      }
    }
    if (best < 0) {
      best = slots.size();
      slots.add(new Slot(symbol.type(), symbol.size()));
    } else {
      idle.remove(best);
      slots.set(best, new Slot(symbol.type(), Math.max(slots.get(best).size, symbol.size())));
    }
    places.put(symbol, best);
  }

  private static boolean isBetter(int size, int than, int wanted) {
    return than < wanted ? size > than : size >= wanted && size < than;
  }

  List<Slot> slots() {
    return slots;
  }

  /** The number of a symbol's place. */
  int placeOf(Symbol symbol) {
    return places.get(symbol);
  }
}

package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.shards.Exchange;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Adds up what shards give, in the order of a perfect binary tree, with storage for one partial sum
 * a level of the tree. A shard's values are put at the {@linkplain #leaf leaf}; where the last one
 * was added, the root lies.
 */
final class ShardTree {

  private final Session session;
  private final TowerStorage storage;
  private final List<Parameter> leaf = new ArrayList<>();
  // The sums of whole subtrees that wait for their right neighbours, smallest first.
  private final List<List<Parameter>> waiting = new ArrayList<>();
  private final int shards;
  private int added;
  // What workers join; none before they do.
  private float[] values = new float[0];

  /**
   * A tree of a worker's shards.
   *
   * @param shards how many, a power of two
   */
  ShardTree(Session session, TowerStorage storage, int shards) {
    this.session = session;
    this.storage = storage;
    this.shards = shards;
  }

  /** Begins a sum of values of some shapes. */
  void begin(List<int[]> shapes) {
    added = 0;
    if (fits(shapes)) {
      return;
    }
    waiting.forEach(this::free);
    waiting.clear();
    free(leaf);
    leaf.addAll(places(shapes));
  }

  private boolean fits(List<int[]> shapes) {
    boolean fits = leaf.size() == shapes.size();
    for (int i = 0; fits && i < shapes.size(); i++) {
      fits = Arrays.equals(leaf.get(i).shape(), shapes.get(i));
    }
    return fits;
  }

  private void free(List<Parameter> places) {
    places.forEach(storage::disown);
    places.clear();
  }

  private List<Parameter> places(List<int[]> shapes) {
    List<Parameter> places = new ArrayList<>(shapes.size());
    try (Scope unused = session.scratch()) {
      for (int[] shape : shapes) {
        places.add(storage.own(new Parameter("shard", session.zeros(shape))));
      }
    }
    return places;
  }

  /** Where a shard's values are put, and where the root lies in the end. */
  List<Parameter> leaf() {
    return leaf;
  }

  /** Puts zeros at the leaf: what a shard without rows gives. */
  void clear() {
    try (Scope unused = session.scratch()) {
      leaf.forEach(place -> place.set(session.zeros(place.shape())));
    }
  }

  /** Takes what lies at the leaf as the next shard's. */
  void add() {
    int level = 0;
    for (int carry = added; (carry & 1) != 0; carry >>= 1) {
      List<Parameter> left = waiting.get(level++);
      for (int i = 0; i < leaf.size(); i++) {
        join(left.get(i), leaf.get(i));
      }
    }
    added++;
    if (added < shards) {
      keep(level);
    }
  }

  /** Takes what lies at the leaf as the root. */
  void addAll() {
    added = shards;
  }

  /** How many shards have been added. */
  int added() {
    return added;
  }

  /** Joins the root with those of other workers. */
  void exchange(Exchange exchange) {
    int size = leaf.stream().mapToInt(Parameter::size).sum();
    if (values.length != size) {
      values = new float[size];
    }
    int at = 0;
    for (Parameter place : leaf) {
      INTERNALS.storage(place).copyTo(FloatBuffer.wrap(values, at, place.size()));
      at += place.size();
    }
    exchange.sum(values, 0, size).await();
    at = 0;
    for (Parameter place : leaf) {
      place.set(FloatBuffer.wrap(values, at, place.size()));
      at += place.size();
    }
  }

  private void join(Parameter left, Parameter right) {
    try (Scope unused = session.scratch()) {
      right.set(INTERNALS.storage(left).add(INTERNALS.storage(right)));
    }
  }

  /** Keeps what lies at the leaf as the sum of a subtree. */
  private void keep(int level) {
    if (level == waiting.size()) {
      waiting.add(places(leaf.stream().map(Parameter::shape).toList()));
    }
    for (int i = 0; i < leaf.size(); i++) {
      waiting.get(level).get(i).set(INTERNALS.storage(leaf.get(i)));
    }
  }
}

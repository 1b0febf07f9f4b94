package io.hypertape.benchmarks.paper;

import io.hypertape.optim.Tower;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One training run of a given length.
 *
 * @param course what to train, and how long
 * @param tower by what
 * @param seed of weights and order
 */
record CoursePart(Course course, Tower tower, long seed) implements Part {

  @Override
  public String label() {
    return course.name() + " " + tower + ", " + course.steps() + " steps, seed " + seed;
  }

  @Override
  public Map<String, String> key() {
    Map<String, String> key = new LinkedHashMap<>(course.key());
    key.put("tower", tower.toString());
    key.put("seed", Long.toString(seed));
    return key;
  }

  @Override
  public long steps() {
    return course.steps();
  }

  @Override
  public Company company() {
    return Company.ANY;
  }

  @Override
  public Outcome run(Conditions conditions) throws IOException {
    return course.train(tower, seed, conditions);
  }

  @Override
  public String told(Outcome outcome) {
    String figure = course.measureText() + " " + Spread.number(outcome.figure(course.measure()));
    return outcome.note().isEmpty() ? figure : figure + ", " + outcome.note();
  }
}

package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any tower that has a text is what its text is read as. */
class TowerTextTest {

  private static final int TOWERS = 200;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void towersAreWhatTheirTextSays(long seed) {
    Random random = new Random(seed);
    int groups = 0;
    int domains = 0;
    for (int i = 0; i < TOWERS; i++) {
      Tower tower = tower(random);
      groups += tower.groups().size();
      domains += tower.levels().stream().mapToInt(level -> level.domains().size()).sum();
      String text = tower.toString();
      assertEquals(tower, Tower.parse(text), text);
      assertEquals(text, Tower.parse(text).toString());
    }
    assertTrue(groups > TOWERS, groups + " groups");
    assertTrue(domains > TOWERS, domains + " domains");
  }

  /** Groups in their order, and clip and schedule anywhere between them. */
  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  void optionsMayStandInAnyOrder(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < TOWERS; i++) {
      Tower tower = tower(random);
      List<String> options = new ArrayList<>();
      tower.groups().forEach(group -> options.add(group.text().replace("|", " |  ")));
      if (tower.maxNorm() < Double.POSITIVE_INFINITY) {
        options.add(random.nextInt(options.size() + 1), "clip = " + tower.maxNorm());
      }
      if (!tower.schedule().equals(StepSchedule.constant())) {
        options.add(random.nextInt(options.size() + 1), "schedule= " + tower.schedule().text());
      }
      tower
          .guard()
          .ifPresent(
              guard -> options.add(random.nextInt(options.size() + 1), "guard = " + guard.text()));
      if (!tower.cap().equals(Cap.none())) {
        options.add(random.nextInt(options.size() + 1), "cap =" + tower.cap().text());
      }
      if (tower.heldOut() > 0) {
        options.add(random.nextInt(options.size() + 1), "heldout= " + tower.heldOut());
      }
      String text = new Tower(tower.levels()) + " " + String.join(" ", options);
      assertEquals(tower, Tower.parse(text), text);
    }
  }

  private static Tower tower(Random random) {
    Tower tower = levels(random);
    Set<String> patterns = new LinkedHashSet<>();
    for (int k = random.nextInt(5); k > 0; k--) {
      patterns.add(pattern(random));
    }
    for (String pattern : patterns) {
      tower = tower.group(pattern, levels(random));
    }
    tower = random.nextBoolean() ? tower : tower.clippedTo(positive(random));
    tower = random.nextBoolean() ? tower : tower.scheduledBy(schedule(random, 3));
    tower =
        random.nextBoolean()
            ? tower
            : tower.guardedBy(
                new Guard(
                    positive(random),
                    positive(random),
                    1 + random.nextDouble(),
                    random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(
                            new Edge(1.5 + random.nextDouble(), 1.5 + random.nextDouble()))));
    tower =
        random.nextBoolean()
            ? tower
            : random.nextBoolean()
                ? tower.cappedAt(0, positive(random))
                : tower.cappedAt(1e-5, 1 + positive(random));
    return random.nextBoolean() ? tower : tower.heldOut(2 + random.nextInt(1000));
  }

  private static Hypergradient hypergradient(Random random) {
    Hypergradient result =
        switch (random.nextInt(3)) {
          case 0 -> Hypergradient.tape();
          case 1 -> Hypergradient.trace(random.nextInt(5) - 1 + random.nextDouble());
          default -> Hypergradient.agreement(random.nextGaussian());
        };
    result = random.nextBoolean() ? result : result.byLargest();
    result = random.nextBoolean() ? result : result.clippedTo(positive(random));
    result = random.nextBoolean() ? result : result.after(random.nextInt(1000));
    result = random.nextBoolean() ? result : result.heldInDecay();
    return result.source() instanceof Hypergradient.Eligibility && random.nextBoolean()
        ? result.restartedAfter(1.5 + random.nextDouble(), positive(random))
        : result;
  }

  private static Tower levels(Random random) {
    List<Level> levels = new ArrayList<>();
    for (int k = 1 + random.nextInt(4); k > 0; k--) {
      Optimizer optimizer = optimizer(random);
      Set<String> tuned = new LinkedHashSet<>();
      for (Hyperparameter hyperparameter : optimizer.hyperparameters()) {
        if (random.nextInt(4) == 0) {
          tuned.add(hyperparameter.name());
        }
      }
      levels.add(new Level(optimizer, tuned, domains(random, optimizer), hypergradient(random)));
    }
    return new Tower(levels);
  }

  private static Map<String, Domain> domains(Random random, Optimizer optimizer) {
    Map<String, Domain> domains = new LinkedHashMap<>();
    List<Hyperparameter> hyperparameters = new ArrayList<>(optimizer.hyperparameters());
    Collections.shuffle(hyperparameters, random);
    for (Hyperparameter hyper : hyperparameters) {
      double value = hyper.initial();
      Domain domain = Domain.own();
      Transform form = Transform.values()[random.nextInt(Transform.values().length)];
      if (random.nextInt(3) == 0 && !Double.isNaN(form.raw(value))) {
        domain = domain.in(form);
      }
      if (random.nextInt(3) == 0) {
        domain =
            switch (random.nextInt(3)) {
              case 0 -> domain.within(Double.NEGATIVE_INFINITY, value + positive(random));
              case 1 -> domain.within(value - positive(random), Double.POSITIVE_INFINITY);
              default -> domain.within(value * random.nextDouble(), value);
            };
      }
      domains.put(hyper.name(), domain);
    }
    return domains;
  }

  private static Optimizer optimizer(Random random) {
    double alpha = positive(random);
    double decay = random.nextBoolean() ? 0 : positive(random);
    double fraction = 0.5 + random.nextDouble() / 2;
    double eps = positive(random);
    return switch (random.nextInt(8)) {
      case 0 -> new Sgd(alpha, random.nextBoolean() ? 0 : fraction, decay);
      case 1 -> perParameter(random);
      case 2 -> new AdaGrad(alpha, decay);
      case 3 -> new RmsProp(alpha, fraction, decay);
      case 4 -> new RmsPropAlpha(alpha, fraction, decay);
      case 5 -> new Adam(alpha, fraction, random.nextDouble() / 3 + 0.5, eps, decay);
      case 6 -> new AdamW(alpha, fraction, random.nextDouble() / 3 + 0.5, eps, decay);
      default -> new AdamAlpha(alpha, fraction, random.nextDouble() / 3 + 0.5, eps, decay);
    };
  }

  private static Optimizer perParameter(Random random) {
    Map<String, Double> alphas = new LinkedHashMap<>();
    for (int k = 1 + random.nextInt(3); k > 0; k--) {
      alphas.put("layer" + random.nextInt(9) + ".weight", positive(random));
    }
    if (random.nextInt(4) == 0) {
      // Such names too a parameter may have.
      alphas.put(List.of("tune", "log", "within", "by").get(random.nextInt(4)), positive(random));
    }
    return new SgdPerParameter(alphas);
  }

  private static StepSchedule schedule(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 9 : 8)) {
      case 0 -> StepSchedule.constant();
      case 1 -> StepSchedule.step(1 + random.nextInt(1000), positive(random));
      case 2 -> StepSchedule.milestones(List.of(3L, 4L + random.nextInt(99)), positive(random));
      case 3 -> StepSchedule.cosine(1 + random.nextInt(1000));
      case 4 -> StepSchedule.cosine();
      case 5 -> StepSchedule.decay(1 - random.nextDouble());
      case 6 -> StepSchedule.decay(1 - random.nextDouble(), 1 + random.nextInt(1000));
      case 7 -> StepSchedule.onDemand();
      default -> StepSchedule.warmUp(1 + random.nextInt(100), schedule(random, depth - 1));
    };
  }

  private static double positive(Random random) {
    return Math.exp(random.nextGaussian() * 20);
  }

  private static String pattern(Random random) {
    String characters = "abzAZ019éßλ._-/[]*?|";
    StringBuilder pattern = new StringBuilder();
    for (int k = 1 + random.nextInt(12); k > 0; k--) {
      char c = characters.charAt(random.nextInt(characters.length()));
      boolean empty = pattern.isEmpty() || pattern.charAt(pattern.length() - 1) == '|';
      pattern.append(c == '|' && (empty || k == 1) ? 'x' : c);
    }
    return pattern.toString();
  }
}

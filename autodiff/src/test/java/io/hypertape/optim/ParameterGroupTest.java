package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterGroupTest {

  private static final Predicate<Parameter> BIASES = parameter -> parameter.shape().length == 1;

  private final Session session = Session.open(Device.REFERENCE);
  private final Parameter weight = new Parameter("layer1.weight", session.ones(2, 3));
  private final Parameter bias = new Parameter("layer1.bias", session.ones(2));
  private final Parameter gamma = new Parameter("norm.gamma", session.ones(2));
  private final Parameter top = new Parameter("layer2.weight", session.ones(1, 2));
  private final List<Parameter> all = List.of(weight, bias, gamma, top);

  @AfterEach
  void close() {
    session.close();
  }

  private static Tower tower(String text) {
    return Tower.parse(text);
  }

  private static void refused(String message, Executable code) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
  }

  @Test
  void withoutGroupsAllIsTheTowersOwn() {
    assertEquals(List.of(all), tower("sgd(1)/sgd(1)").assign(all));
  }

  @Test
  void firstGroupThatMatchesTakesAParameter() {
    assertEquals(
        List.of(List.of(top), List.of(bias, gamma), List.of(weight)),
        tower("sgd(1) group(*.bias|*.gamma, sgd(2)) group(layer1.*, sgd(3))").assign(all));
    assertEquals(
        List.of(List.of(top), List.of(weight, bias), List.of(gamma)),
        tower("sgd(1) group(layer1.*, sgd(3)) group(*.bias|*.gamma, sgd(2))").assign(all));
  }

  @Test
  void predicatesAreAskedWhereNoEarlierGroupTook() {
    Tower own = new Sgd(0.1).tower();
    assertEquals(
        List.of(List.of(weight, top), List.of(gamma), List.of(bias)),
        own.group("norm.*", own).group(ParameterFilter.where("biases", BIASES), own).assign(all));
  }

  @Test
  void parameterThatComesTwiceIsOne() {
    assertEquals(
        List.of(List.of(weight), List.of(bias)),
        tower("sgd(1) group(*.bias, sgd(2))").assign(List.of(weight, bias, weight, bias)));
  }

  @Test
  void groupsMayTakeAll() {
    assertEquals(
        List.of(List.of(), List.of(bias), List.of(weight, gamma, top)),
        tower("sgd(1) group(*.bias, sgd(2)) group(*, sgd(3))").assign(all));
  }

  @Test
  void groupWithoutParametersIsRefused() {
    refused(
        "group(*.bais|*.beta, sgd(2)) has no parameter to work on: it matches none of"
            + " layer1.weight[2, 3], layer1.bias[2], norm.gamma[2], layer2.weight[1, 2]",
        () -> tower("sgd(1) group(*.bais|*.beta, sgd(2))").assign(all));
    refused(
        "group(norm.*|*.bias, sgd(3)) has no parameter to work on: groups before it, of which the"
            + " first that matches takes a parameter, have layer1.bias[2], norm.gamma[2]",
        () ->
            tower(
                    "sgd(1) group(layer1.*, sgd(2)) group(*.gamma, sgd(2)) group(norm.*|*.bias,sgd(3))")
                .assign(all));
    refused(
        "group(@none, sgd(0.1)) has no parameter to work on: it matches none of layer1.bias[2]",
        () ->
            new Sgd(0.1)
                .tower()
                .group(ParameterFilter.where("none", p -> false), new Sgd(0.1).tower())
                .assign(List.of(bias)));
  }

  @Test
  void messagesNameFortyParametersAtMost() {
    List<Parameter> many = new ArrayList<>();
    for (int i = 1; i <= 43; i++) {
      many.add(new Parameter("w" + i, session.ones(1)));
    }
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> tower("sgd(1) group(x, sgd(1))").assign(many))
            .getMessage();
    assertEquals("w39[1], w40[1] and 3 more", message.substring(message.indexOf("w39")), message);
  }

  @Test
  void noParametersAreRefused() {
    refused(
        "a tower needs at least one parameter to work on",
        () -> tower("sgd(1) group(*, sgd(1))").assign(List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd(1) clip=5", "sgd(1) schedule=cosine", "sgd(1) group(x, sgd(2))"})
  void groupsTowerHasLevelsOnly(String text) {
    refused(
        "tower "
            + text
            + " cannot be that of group *.bias: a group's tower has levels only; clipping and"
            + " schedule of the tower that has the group hold for all groups",
        () -> new Sgd(1).tower().group("*.bias", tower(text)));
  }

  @Test
  void towerWithGroupsCannotStandAboveAnother() {
    refused(
        "tower sgd(1) group(x, sgd(2)) cannot stand above another: only the first level has"
            + " clipping, a schedule and groups",
        () -> new Sgd(1).tunedBy(tower("sgd(1) group(x, sgd(2))")));
  }

  @Test
  void towersChangeAroundTheirGroups() {
    Tower grouped =
        new AdamW(1e-3, 0.01).tower().group("*.bias", new Sgd(0.1).tunedBy(new Sgd(1e-5)));
    assertEquals(
        "adamw(0.001, tune=alpha)/sgd(1e-6)/sgd(1e-7) group(*.bias, sgd(0.1)/sgd(1e-5))"
            + " group(w, sgd(2)) clip=5 schedule=cosine(500)",
        grouped
            .tuning("alpha")
            .tunedBy(new Sgd(1e-6))
            .clippedTo(5)
            .scheduledBy(StepSchedule.cosine())
            .over(500)
            .tunedBy(new Sgd(1e-7).tower())
            .group("w", new Sgd(2).tower())
            .toString());
    assertEquals(1, grouped.height());
    assertEquals(List.of(), new Sgd(1).tower().groups());
  }

  @Test
  void filtersAreEqualByPatternOrByNameAndPredicate() {
    assertEquals(ParameterFilter.named("*.bias | x"), ParameterFilter.named("*.bias|x"));
    assertNotEquals(ParameterFilter.named("*.bias"), ParameterFilter.named("*.gamma"));
    ParameterFilter biases = ParameterFilter.where("biases", BIASES);
    assertEquals(biases, ParameterFilter.where("biases", BIASES));
    assertNotEquals(biases, ParameterFilter.where("vectors", BIASES));
    assertNotEquals(biases, ParameterFilter.where("biases", parameter -> true));
  }

  @Test
  void predicatesNamesStandInTextsThatOnlyAProgramUnderstands() {
    Tower tower =
        new Sgd(1).tower().group(ParameterFilter.where("no-decay.1", BIASES), new Sgd(2).tower());
    assertEquals("sgd(1) group(@no-decay.1, sgd(2))", tower.toString());
    assertThrows(TowerSyntaxException.class, () -> Tower.parse(tower.toString()));
    for (String name : List.of("", "two words", "a)", "@a", "a,b")) {
      refused(
          "a filter cannot be called '"
              + name
              + "'; letters, digits, dots, hyphens and underscores are needed, as in no-decay",
          () -> ParameterFilter.where(name, BIASES));
    }
  }

  @Test
  void twoGroupsOfOneFilterAreRefused() {
    Tower own = new Sgd(1).tower();
    refused(
        "two groups of a tower are for *.bias|x; one would get nothing",
        () -> own.group("*.bias|x", own).group("y", own).group("*.bias | x", own));
    refused(
        "two groups of a tower are for @a; names of predicates must differ",
        () ->
            own.group(ParameterFilter.where("a", BIASES), own)
                .group(ParameterFilter.where("a", parameter -> true), own));
  }
}

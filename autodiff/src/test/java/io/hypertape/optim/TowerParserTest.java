package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TowerParserTest {

  @Test
  void textAndJavaAgree() {
    assertEquals(new Adam(1e-3).tunedBy(new Sgd(1e-5)), Tower.parse("adam(1e-3)/sgd(1e-5)"));
    assertEquals(
        new Adam(1e-3).tuning("alpha", "beta1").tunedBy(new Sgd(1e-5, 0.9)),
        Tower.parse(" Adam( alpha = 1e-3 , tune=alpha+beta1 ) / sgd(1e-5, mu=0.9) "));
    assertEquals(Tower.of(new Adam(0.1, 0.8, 0.99)), Tower.parse("adam(0.1, 0.8, 0.99)"));
    assertEquals(
        new RmsPropAlpha(0.01).tunedBy(new AdamAlpha(0.1)).tunedBy(new AdaGrad(1)),
        Tower.parse("rmspropAlpha(.01)/adamBaydin(0.1)/adagrad(1)"));
    assertEquals(
        new Adam(0.1).tunedBy(new SgdPerParameter(Map.of("beta1", 0.5))),
        Tower.parse("adam(0.1)/sgdPerParam(beta1=0.5)"));
    assertEquals(50, Tower.parse("sgd(0.01)/sgd(1e-4)^49").height());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd(0.01)",
        "sgd(0.01, mu=0.9)/sgd(1e-5)",
        "adam(0.001, beta1=0.8, eps=1e-7, tune=alpha)/rmsprop(1e-4, gamma=0.9)",
        "sgd-per-param(layer1.weight=0.01, layer1.bias=1)/adagrad(2)",
        "adam-alpha(0.001)/rmsprop-alpha(0.5)",
        "adam(0.001, tune=alpha, log=alpha)/sgd(0.35, log=alpha, within=alpha(0.35..1))/sgd(0.15)",
        "adam(0.001, log=alpha, logit=beta1+beta2, within=alpha(1e-8..)+beta2(0.5..0.9999))",
        "rmsprop(0.1, identity=alpha, square=gamma, within=alpha(..2))/sgd(0.5, clamp=alpha)",
        "sgd-per-param(layer1.weight=0.5, log=layer1.weight_alpha, within=layer1.weight_alpha(1e-5..1))",
        "dog(1)",
        "dog(0.5, reps=1e-4, eps=1e-7, decay=0.1, average=8)/dowg(1, eps=0.001, decay=0.1)",
        "adam(0.001, average=0, tune=alpha)/dowg(1)",
        "prodigy(1)",
        "prodigy(0.5, beta1=0.8, beta2=0.99, beta3=0.9, eps=1e-7, decay=0.1, d0=1e-5, coef=2, growth=1.02, bias=1, safeguard=1)",
        "dadapt-adam(1)/dadapt-sgd(1)",
        "mechanic-sgd(1)/mechanic-adamw(1)",
        "mechanic-sgd(0.5, mu=0.9, decay=0.1, init=1e-6, lambda=0, average=3)",
        "mechanic-adamw(0.5, beta1=0.8, beta2=0.99, eps=1e-7, decay=0, init=1e-6, lambda=0.1, tune=alpha)/sgd(1)",
        "hd-sgd(0.1)/hd-adam(0.1)",
        "hd-sgd(0.1, mu=0.9, decay=0.1, beta=0.1)",
        "hd-adam(0.1, beta1=0.8, beta2=0.99, eps=1e-7, decay=0.1, beta=0.1)",
        "osgm(0.1)/hdm(0.1)",
        "osgm(0.2, init=0.1, scalar=1)/hdm(0.2, init=0.1, mu=0.5, eta=0.1, scalar=1)",
        "dadapt-adam(0.5, beta1=0.8, beta2=0.99, eps=1e-7, decay=0.1, d0=1e-5, growth=1.02, bias=1)",
        "dadapt-sgd(0.5, mu=0.9, decay=0.1, d0=1e-5, growth=1.02)",
        "schedule-free-sgd(1)/schedule-free-adamw(0.0025)",
        "schedule-free-sgd(0.5, mu=0.8, decay=0.1, warmup=100, r=1, power=1)",
        "schedule-free-adamw(0.5, beta1=0.8, beta2=0.99, eps=1e-7, decay=0.1, warmup=100, r=1, power=1)",
        "sgd(0.1, mu=0.9, decay=1e-4)/adamw(0.001, decay=0)",
        "adamw(0.001, tune=decay)/sgd(1) clip=0.25 schedule=warmup(10, cosine(90))",
        "adamw(0.001)/sgd(1e-5) group(*.bias|*.gamma, sgd(0.1)) clip=5 schedule=cosine(500)",
        "sgd(1) group(layer[0-9]/w?_*, adam(0.1, tune=alpha)/sgd(2)) group(z, sgd-per-param(z=1))"
      })
  void writesWhatItReads(String text) {
    assertEquals(text, Tower.parse(text).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "adm(1e-3)/sgd(1e-5)|0|unknown optimizer 'adm'",
        "adam(1e-3)/sdg(1)|11|unknown optimizer 'sdg'",
        "adam|0|needs a step size",
        "adam(1e-3|9|unexpected end; ')'",
        "adam(1e-3))|10|unexpected ')'",
        "adam(1e-3)/|11|unexpected end; an optimizer's name",
        "adam(1e-3, beta=0.9)|11|no argument 'beta'",
        "adam(1e-3, beta1=x)|17|a number is needed",
        "adam(1e-3, alpha=1)|11|given twice",
        "adam(1, 2, 3, 4, 5, 6)|20|only 5 arguments",
        "sgd(1) clip=0|12|a number above 0",
        "sgd(1) clip 1|12|'=' is needed",
        "sgd(1) clip=1 clip=2|14|given twice",
        "sgd(1) clip=1/sgd(2)|13|unexpected '/'; group(, clip=, schedule=, guard=, cap= or heldout= would fit",
        "sgd(1) schedule=cosin(3)|16|unknown schedule",
        "adam(1e-3, beta1=1)|0|beta1 is 1.0",
        "sgd(-1)|0|alpha is -1.0",
        "sgd(1e999)|0|alpha is Infinity",
        "sgd(1, tune=beta)|0|no hyperparameter 'beta'",
        "sgd-per-param(1)|14|needs names",
        "sgd(1)^0|7|1 to 10000",
        "sgd(1)^9999/sgd(2)^2|12|more than 10000",
        "adam(NaN)|0|alpha is NaN; it must be a finite number of 0 or more",
        "adam(1e-3, beta1=nan)|0|beta1 is NaN",
        "sgd(-inf)|0|alpha is -Infinity",
        "sgd(Infinity)|0|alpha is Infinity",
        "sgd(1, mu=Inf)|0|mu is Infinity; it must be 0 or more and below 1",
        "sgd-per-param(a=NaN)|0|a is NaN",
        "sgd(1) clip=NaN|12|a number above 0",
        "sgd(1) clip=inf|12|a finite norm is needed; without clip= nothing is clipped",
        "sgd(1) clip=1e999|12|a finite norm is needed",
        "sgd(1)^NaN|7|1 to 10000",
        "sgd(1e-999)|4|1e-999 is smaller than any number",
        "sgd(nano=1)|4|no argument 'nano'",
        "sgd(nan=1)|4|no argument 'nan'",
        "sgd(nano)|8|'=' is needed",
        "sgd(1) schedule=step(3, nan)|16|factor is NaN",
        "sgd(1) sgd(2)|7|'/' and another level, group(, clip=, schedule=, guard=, cap= or heldout= would fit",
        "sgd(1) group|12|unexpected end; '(' is needed",
        "sgd(1) group=1|12|unexpected '='; '(' is needed",
        "sgd(1) group()|13|a pattern of names, such as *.bias (letters, digits and . _ - / [ ] * ?)",
        "sgd(1) group(, sgd(1))|13|unexpected ','; a pattern of names",
        "sgd(1) group(*.b!, sgd(1))|16|unexpected '!'; letters, digits and . _ - / [ ] * ?",
        "sgd(1) group(*.b c, sgd(1))|17|or ',' and the group's tower would fit",
        "sgd(1) group(*.b)|16|unexpected ')'; letters, digits",
        "sgd(1) group(*.b,)|17|unexpected ')'; an optimizer's name",
        "sgd(1) group(@b, sgd(1))|13|only a program can give a group by a predicate",
        "sgd(1) group(b, sgd(1)|22|unexpected end; '/' and another level, or ')' would fit",
        "sgd(1) group(b, sgd(1) clip=1)|23|levels only; 'clip' would fit after the group's ')'",
        "sgd(1) group(b, sgd(1)/sgd(1) schedule=cosine)|30|levels only; 'schedule' would fit",
        "sgd(1) group(b, sgd(1) group(c, sgd(1)))|23|levels only; 'group' would fit",
        "sgd(1) group(b, sgd(-1))|16|alpha is -1.0",
        "sgd(1) group(b, sgd(1)) clip=1 group(b, sgd(2))|37|two groups of a tower are for b;",
        "sgd(1)^5000 group(b, sgd(1)^5001)|21|more than 10000",
        "sgd(1) group(b, sgd(1))/sgd(1)|23|unexpected '/'; group(, clip=, schedule=, guard=, cap= or heldout= would fit",
        "sgd(1)//sgd(2)|7|unexpected '/'",
        "sgd(1, log=beta)|11|sgd has no hyperparameter 'beta' to have a domain; it has alpha, mu",
        "sgd(1, log=alpha+mu)|17|'mu' is 0.0, which has no stored form under EXP",
        "sgd(2, mu=0.1, logit=mu+alpha)|24|'alpha' is 2.0, which has no stored form under LOGIT",
        "sgd(1, log=alpha+alpha)|17|'alpha' is given a form twice, log and log",
        "sgd(1, log=alpha, logit=alpha)|24|'alpha' is given a form twice, log and logit",
        "sgd(1, lag=alpha)|7|no argument 'lag' (it has alpha, mu, decay, tune, identity, square",
        "sgd(1, log=)|11|unexpected ')'; a hyperparameter's name is needed",
        "sgd(1, log alpha)|11|'=' is needed",
        "sgd(1, within=alpha(2..3))|14|'alpha' is 1; it must be within its bounds, 2 to 3",
        "sgd(1, log=alpha, within=mu(..1)+alpha(2..))|33|'alpha' is 1; it must be within",
        "sgd(1, within=alpha(3..2))|14|bounds from 3 to 2; the first must be a number not above",
        "sgd(1, within=alpha(nan..2))|20|a number is needed",
        "sgd(1, within=alpha(0..nan))|14|bounds from 0 to nan",
        "sgd(1, within=alpha(0..2)+alpha(0..3))|26|'alpha' is given bounds twice",
        "sgd(1, within=beta(0..1))|14|no hyperparameter 'beta'",
        "sgd(1, within=alpha)|19|'(' and bounds, as in alpha(0.1..1), would fit",
        "sgd(1, within=alpha(1))|21|'..' and the other bound are needed",
        "sgd(1, within=alpha(0..x))|23|unexpected 'x'; a number, or ')', would fit",
        "sgd(1, within=alpha(..))|22|a bound is needed",
        "sgd(1, within=alpha(x..1))|20|a number is needed"
      })
  void errorsPointAtTheCharacter(String text, int position, String part) {
    TowerSyntaxException e = assertThrows(TowerSyntaxException.class, () -> Tower.parse(text));
    assertEquals(position, e.position(), e.getMessage());
    assertTrue(e.getMessage().contains(part), e.getMessage());
    String[] lines = e.getMessage().split("\n");
    assertEquals(position, lines[2].indexOf('^') - 2);
    assertEquals("  " + text, lines[1]);
  }

  /** A name of a parameter may look like a word for a number. */
  @Test
  void parametersMayBeCalledSo() {
    assertEquals(
        new SgdPerParameter(java.util.Map.of("inf", 0.1)).tower(),
        Tower.parse("sgd-per-param(inf = 0.1)"));
  }

  @Test
  void emptyTextIsNoTower() {
    assertThrows(TowerSyntaxException.class, () -> Tower.parse(""));
  }

  @Test
  void domainsAreThoseOfJava() {
    assertEquals(
        new Adam(1e-3)
            .tuning("alpha")
            .inLog("alpha")
            .tunedBy(new Sgd(0.35).inLog("alpha").within("alpha", 0.35, 1).tunedBy(new Sgd(0.15))),
        Tower.parse(
            "adam(1e-3, log = alpha, tune=alpha)"
                + "/sgd(0.35, within = alpha ( 0.35 .. 1 ), log=alpha)/sgd(0.15)"));
    assertEquals(
        new Adam(1e-3).inLogit("beta2", "beta1").within("alpha", 0, Double.POSITIVE_INFINITY),
        Tower.parse("adam(1e-3, within=alpha(0..), logit=beta1+beta2)"));
    assertEquals(
        new RmsProp(0.1).tower().storing(Transform.IDENTITY, "alpha").inLog("alpha"),
        Tower.parse("rmsprop(0.1, log=alpha)"),
        "the last one holds");
    Tower none = new Sgd(1).within("alpha", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    assertEquals(new Sgd(1).tower(), none);
    // Chosen names stay in their order, so that a tower has one text.
    assertEquals(
        "adam(0.001, tune=beta2+alpha+beta1)",
        new Adam(1e-3).tuning("beta2", "alpha", "beta1").toString());
  }

  @Test
  void arbitraryTextNeverEndsOtherwise() {
    Random random = new Random(5);
    String alphabet = "adamsgd(),=/^+-. 0123eμ\n|*@";
    String valid =
        "adam(1e-3, log=alpha, within=alpha(0..1))/sgd(0.01, mu=0.5) group(a|b*, sgd(1))";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(valid);
      for (int k = random.nextInt(4); k >= 0; k--) {
        text.setCharAt(
            random.nextInt(text.length()), alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        Tower.parse(text.toString());
      } catch (TowerSyntaxException e) {
        assertTrue(e.position() <= text.length());
      }
    }
  }
}

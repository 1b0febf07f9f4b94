package io.hypertape.kernels.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.updates.UpdateOp;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of updates is that of the kernels, and its formulas become calls of vectors. */
class UpdateSourceTest {

  private static final Set<String> FLOATS = Set.of("alpha", "eps");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a - b - c * alpha | a.sub(b).sub(c.mul(alpha))",
        "a / b * c | a.div(b).mul(c)",
        "-(a * b) / alpha | a.mul(b).neg().div(alpha)",
        "sqrt(a + eps) | a.add(eps).sqrt()",
        "abs(a) * fma(a, b, c) | a.abs().mul(a.fma(b, c))",
        "keep(m, g * alpha, kept) | m.fma(keptHigh, m.fma(keptLow, g.mul(alpha)))",
        "mean(v, g * g, beta) | v.fma(betaHigh, v.fma(betaLow, g.mul(g).mul(betaRest)))",
      })
  void formulasBecomeCalls(String formula, String java) {
    assertEquals(java, VectorFormula.of(formula, FLOATS));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"alpha * a", "a + b c", "(a + b", "exp(a)", "-alpha"})
  void whatIsNoFormulaOfVectorsIsRefused(String formula) {
    var e = assertThrows(IllegalStateException.class, () -> VectorFormula.of(formula, FLOATS));
    assertTrue(e.getMessage().contains(formula), e.getMessage());
  }

  @Test
  void theTableHasTheUpdatesInTheirOrder() {
    var rows = UpdateTable.rows();
    assertEquals(
        Arrays.stream(UpdateOp.values()).map(Enum::name).toList(),
        rows.stream().map(UpdateTable.Row::name).toList());
    for (int i = 0; i < rows.size(); i++) {
      UpdateOp update = UpdateOp.values()[i];
      UpdateTable.Row row = rows.get(i);
      assertEquals(update.inputs(), row.inputs(), update + " reads");
      assertEquals(update.outputs(), row.outputs(), update + " writes");
      assertEquals(update.sums(), row.sums(), update + " adds");
      // What loops multiply by begins with the scalars, decays where the kernels split them.
      for (int k = 0; k < update.scalars().size(); k++) {
        String mark = update.isDecay(k) ? "~" : "";
        assertEquals(update.scalars().get(k) + mark, row.factors().get(k), update + " takes");
      }
    }
  }
}

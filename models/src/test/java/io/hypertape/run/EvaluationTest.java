package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import io.hypertape.models.Layer;
import io.hypertape.models.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTest {

  private static final LabeledImages IMAGES =
      new LabeledImages("three", 1, 1, 1, 2, new byte[3], new byte[] {0, 1, 1});

  /** A model that gives these numbers, whatever it is shown. */
  private record Fixed(Tensor output) implements Layer {
    @Override
    public Tensor forward(Tensor input, Mode mode) {
      return output.copy();
    }

    @Override
    public List<Parameter> parameters() {
      return List.of();
    }
  }

  @Test
  void aModelMayKnowMoreClassesThanTheSetHas() {
    try (Session session = Session.open(Device.REFERENCE)) {
      double[] output = {9, 0, 0, 0, 9, 0, 0, 0, 9};
      Layer model = new Fixed(session.tensor(output, 3, 3));
      Evaluation result = Evaluation.of(session, model, IMAGES);
      assertEquals(1.0 / 3, result.error(), 1e-15, "only the third is wrong");
      assertEquals(-6, result.loss(), 1e-15);
    }
  }

  @Test
  void everyImageNeedsARowOfTheOutput() {
    try (Session session = Session.open(Device.REFERENCE)) {
      Layer model = new Fixed(session.zeros(2, 2));
      Exception e =
          assertThrows(IllegalArgumentException.class, () -> Evaluation.of(session, model, IMAGES));
      assertTrue(e.getMessage().contains("F64[2, 2], the labels I32[3]"), e.getMessage());
    }
  }

  @Test
  void errorsAreCountedByClass() {
    try (Session session = Session.open(Device.REFERENCE)) {
      double[] output = {9, 0, 0, 0, 9, 0, 0, 0, 9};
      Layer model = new Fixed(session.tensor(output, 3, 3));
      ClassErrors errors = ClassErrors.of(session, model, IMAGES, Normalization.none(1));
      assertEquals(
          List.of(new ClassErrors.OfClass("0", 1, 0), new ClassErrors.OfClass("1", 2, 1)),
          errors.classes());
      assertEquals(Evaluation.of(session, model, IMAGES), errors.all());
    }
  }
}

package io.hypertape.run;

/** Probabilities that outputs stand for. */
final class Probabilities {

  private Probabilities() {}

  /** Of classes, from rows of logits or log-probabilities. */
  static float[] softmax(float[] outputs, int classes) {
    float[] probabilities = new float[outputs.length];
    for (int begin = 0; begin < outputs.length; begin += classes) {
      float most = Float.NEGATIVE_INFINITY;
      for (int k = begin; k < begin + classes; k++) {
        most = Math.max(most, outputs[k]);
      }
      double sum = 0;
      for (int k = begin; k < begin + classes; k++) {
        sum += Math.exp(outputs[k] - most);
      }
      for (int k = begin; k < begin + classes; k++) {
        probabilities[k] = (float) (Math.exp(outputs[k] - most) / sum);
      }
    }
    return probabilities;
  }

  /** Of a label that may hold or not, from its logit. */
  static double sigmoid(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }
}

package io.hypertape.benchmarks.study;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.benchmarks.parts.Digest;
import io.hypertape.data.TextCorpus;
import io.hypertape.models.Losses;
import io.hypertape.optim.Input;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The next character of a text, by an LSTM that reads windows of it from a state of zeros. Batches
 * are windows from places drawn at random; what is judged by are windows one after another.
 *
 * @param name on the command line
 * @param half of the tasks that it belongs to
 * @param corpus the text in three parts
 * @param digest of all of it
 * @param form of the network
 * @param batch windows a step
 * @param steps of a run
 * @param stepSeconds about how long a step takes
 * @param quality what it is judged by
 */
record TextTask(
    String name,
    Half half,
    TextCorpus corpus,
    String digest,
    WindowNet.Form form,
    int batch,
    long steps,
    double stepSeconds,
    Quality quality)
    implements Task {

  /** Characters of a window. */
  static final int WINDOW = 32;

  /** Windows that are judged by at the most, and at once. */
  private static final int MOST = 1500;

  private static final int AT_ONCE = 250;

  TextTask {
    for (char[] part : List.of(corpus.train(), corpus.valid(), corpus.test())) {
      if (part.length <= WINDOW) {
        throw new IllegalArgumentException(
            name
                + ": a part of "
                + corpus.name()
                + " has "
                + part.length
                + " characters; more than "
                + WINDOW
                + " are needed");
      }
    }
  }

  static TextTask of(
      String name,
      Half half,
      TextCorpus corpus,
      WindowNet.Form form,
      int batch,
      long steps,
      double stepSeconds) {
    int[] counts = new int[form.vocabulary()];
    char[] text = corpus.train();
    int most = 0;
    for (char c : text) {
      most = Math.max(most, ++counts[c]);
    }
    // Who has learned nothing but frequencies names the most frequent character.
    Quality quality =
        new Quality("error of the next character (%)", 100 * (1 - (double) most / text.length));
    return new TextTask(
        name, half, corpus, Digest.of(corpus), form, batch, steps, stepSeconds, quality);
  }

  @Override
  public String title() {
    return String.format(
        Locale.ROOT,
        "character LSTM %d × %d on %s, batch %d × %d, %,d steps",
        form.layers(),
        form.hidden(),
        corpus.name(),
        batch,
        WINDOW,
        steps);
  }

  @Override
  public Map<String, String> key() {
    Map<String, String> key = new LinkedHashMap<>();
    key.put("model", form.toString());
    key.put("batch", batch + " x " + WINDOW);
    key.put("steps", Long.toString(steps));
    key.put("data", digest);
    return key;
  }

  @Override
  public Trial begin(Session session, long seed) {
    return new Windows(session, seed);
  }

  private final class Windows implements Trial {

    private final Session session;
    private final WindowNet net;
    private final SplittableRandom random;
    private final char[] text = corpus.train();
    private final int[] x = new int[WINDOW * batch];
    private final int[] y = new int[WINDOW * batch];

    Windows(Session session, long seed) {
      this.session = session;
      this.net = WindowNet.create(session, form, seed);
      this.random = new SplittableRandom(seed);
    }

    @Override
    public List<Parameter> parameters() {
      return net.parameters();
    }

    @Override
    public Tensor loss(List<Tensor> inputs) {
      return Losses.nll(net.forward(inputs.get(0), WINDOW, batch), inputs.get(1));
    }

    @Override
    public Input[] next() {
      for (int b = 0; b < batch; b++) {
        fill(text, random.nextInt(text.length - WINDOW), b, batch, x, y);
      }
      return new Input[] {Input.indices(x), Input.indices(y)};
    }

    @Override
    public Mark valid() {
      return mark(corpus.valid());
    }

    @Override
    public Mark test() {
      return mark(corpus.test());
    }

    private Mark mark(char[] judged) {
      int windows = Math.min((judged.length - 1) / WINDOW, MOST);
      double loss = 0;
      long wrong = 0;
      for (int from = 0; from < windows; from += AT_ONCE) {
        int some = Math.min(AT_ONCE, windows - from);
        int[] given = new int[WINDOW * some];
        int[] wanted = new int[WINDOW * some];
        for (int b = 0; b < some; b++) {
          fill(judged, (from + b) * WINDOW, b, some, given, wanted);
        }
        try (Scope unused = session.scratch()) {
          Tensor output = net.forward(session.indices(given), WINDOW, some);
          loss += some * Losses.nll(output, session.indices(wanted)).item();
          wrong += wrong(output.toFloats(), wanted);
        }
      }
      return new Mark(100.0 * wrong / ((double) windows * WINDOW), loss / windows);
    }

    @Override
    public void close() {
      net.close();
    }
  }

  /** Writes window b of so many, time-major. */
  private static void fill(char[] text, int at, int b, int windows, int[] x, int[] y) {
    for (int t = 0; t < WINDOW; t++) {
      x[t * windows + b] = text[at + t];
      y[t * windows + b] = text[at + t + 1];
    }
  }

  /** How often the most probable symbol is another; outputs that are no numbers are wrong. */
  static long wrong(float[] output, int[] wanted) {
    int symbols = output.length / wanted.length;
    long wrong = 0;
    for (int i = 0; i < wanted.length; i++) {
      int best = 0;
      for (int k = 1; k < symbols; k++) {
        if (output[i * symbols + k] > output[i * symbols + best]) {
          best = k;
        }
      }
      boolean right = best == wanted[i] && !Float.isNaN(output[i * symbols + best]);
      wrong += right ? 0 : 1;
    }
    return wrong;
  }
}

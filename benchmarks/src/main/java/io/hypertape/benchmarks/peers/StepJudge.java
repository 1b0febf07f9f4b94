package io.hypertape.benchmarks.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sides must train as many parameters as the first one, and their losses stay finite and below
 * twice what guessing gives.
 */
final class StepJudge implements Judge {

  private static final Pattern PARAMETERS = Pattern.compile("\\b(\\d+) parameters$");

  private final double highestLoss;
  private final Map<String, Double> losses = new LinkedHashMap<>();
  private String first = "";
  private long parameters;

  /** Of steps that tell {@code classes} apart at random. */
  StepJudge(int classes) {
    this.highestLoss = 2 * Math.log(classes);
  }

  /** Two models of different size are not worth a race. */
  @Override
  public void meet(String name, String description) throws IOException {
    Matcher found = PARAMETERS.matcher(description);
    if (!found.find()) {
      throw new IOException(
          name + " does not say how many parameters it trains, but '" + description + "'");
    }
    long own = Long.parseLong(found.group(1));
    if (first.isEmpty()) {
      first = name;
      parameters = own;
    } else if (own != parameters) {
      throw new IOException(
          name + " trains " + own + " parameters, where " + first + " trains " + parameters);
    }
  }

  @Override
  public void judge(String name, double loss) throws IOException {
    // Labels are random, so the logarithm of their number is the best to expect.
    if (!(loss < highestLoss)) {
      throw new IOException(name + " trains badly: its loss is " + loss);
    }
    losses.put(name, loss);
  }

  @Override
  public void dismiss(String name) {
    losses.remove(name);
  }

  @Override
  public List<String> verdict() {
    List<String> last = new ArrayList<>();
    losses.forEach((name, loss) -> last.add(String.format(Locale.ROOT, "%s %.3g", name, loss)));
    return last.isEmpty()
        ? List.of()
        : List.of(
            "Parameters of each side: "
                + parameters
                + ". Last losses: "
                + String.join(", ", last)
                + ".");
  }
}

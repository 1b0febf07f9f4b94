package io.hypertape.autodiff.program;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A function of one tensor, as the work that it asks of a backend for inputs of some shapes. It
 * holds a copy of all numbers that the function reads beside its input, as they were, and nothing
 * else of the session that it comes from.
 */
public final class Computation {

  private final List<Program> programs;
  private final int[] outputShape;

  private Computation(List<Program> programs, int[] outputShape) {
    this.programs = programs;
    this.outputShape = outputShape;
  }

  /**
   * Takes down what a function does, without doing it.
   *
   * @param session whose tensors it computes with, on its thread
   * @param shapes of inputs, which differ in the first axis, of examples, alone
   * @param function from the input to the output, whose first axis is the same
   * @param first has the numbers that it reads; backends of its kind can be given the work
   * @return the computation
   * @throws IllegalArgumentException if an output has another first axis than its input, or
   *     examples' outputs differ in shape
   * @throws IllegalStateException if the function changes what outlives it, or looks at numbers on
   *     the host
   */
  public static Computation of(
      Session session, List<int[]> shapes, UnaryOperator<Tensor> function, Backend first) {
    List<Outline> outlines = new ArrayList<>();
    List<int[]> outputs = new ArrayList<>();
    for (int[] shape : shapes) {
      INTERNALS.during(
          session,
          own -> {
            Outline outline = new Outline(own);
            outlines.add(outline);
            return outline;
          },
          () -> session.scoped(() -> outputs.add(outline(session, shape, function))));
      checkExamples(shape, outputs.getLast(), outputs.getFirst());
      if (!outlines.getLast().isComplete()) {
        throw new IllegalArgumentException(
            "the function gives a tensor that was there before, whatever the input");
      }
    }
    List<Step> steps = outlines.stream().flatMap(outline -> outline.steps().stream()).toList();
    // A product with few rows packs weights that lie the other way, each time.
    boolean turns = first.name().equals("cpu");
    ProgramWeights weights = new ProgramWeights(steps, INTERNALS.backend(session), first, turns);
    List<Program> programs = new ArrayList<>();
    for (Outline outline : outlines) {
      programs.add(new Program(outline, weights, first));
    }
    first.synchronize();
    return new Computation(programs, outputs.getFirst());
  }

  private static int[] outline(Session session, int[] shape, UnaryOperator<Tensor> function) {
    int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    Tensor output = function.apply(session.tensor(new float[size], shape));
    output.toFloats();
    return output.shape();
  }

  private static void checkExamples(int[] input, int[] output, int[] first) {
    boolean fits =
        output.length > 0
            && output[0] == input[0]
            && Arrays.equals(output, 1, output.length, first, 1, first.length);
    if (!fits) {
      throw new IllegalArgumentException(
          "an input of shape "
              + Arrays.toString(input)
              + " gives "
              + Arrays.toString(output)
              + "; the first axis must be that of the examples, and the others be the same for any"
              + " number of them");
    }
  }

  /**
   * Lengths of the axes of an example's output.
   *
   * @return such as [10]; empty for a number
   */
  public int[] outputShape() {
    return Arrays.copyOfRange(outputShape, 1, outputShape.length);
  }

  /**
   * Makes one of the computations ready on a backend, with memory of its own but for the numbers
   * that are the same for all.
   *
   * @param which index of the input's shape
   * @param backend one of the kind of the first; another one than that only if backends of this
   *     kind can read each other's memory
   * @return the program, closed with the backend
   */
  public LoadedProgram load(int which, Backend backend) {
    return programs.get(which).load(backend);
  }
}

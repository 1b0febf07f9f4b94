package io.hypertape.benchmarks.paper;

import io.hypertape.optim.Tower;
import java.util.Locale;

/** A model to train, and for how long: a task for so many epochs, or a course. */
interface Setup {

  /** The model's short name, such as {@code char-lstm}. */
  String name();

  /** For titles, with the length, such as {@code MLP 784-128-10 on MNIST, 30 epochs}. */
  String title();

  /** How long a run is. */
  Length length();

  /** One training run. */
  Part part(Tower tower, long seed);

  /** The figure that a run is judged by, such as {@code test_error_percent}. */
  String measure();

  /** That figure for people, with its unit, such as {@code test error (%)}. */
  String measureText();

  /** The figure of one who only guesses, which is what a run that diverged is given. */
  double guessing();

  /** What is to be said of data and length; empty for nothing. */
  String remark();

  /** About how many seconds a step takes on a processor. */
  double stepSeconds();

  /**
   * A length.
   *
   * @param unit in the plural, {@code epochs} or {@code steps}
   * @param count how many
   */
  record Length(String unit, long count) {
    /** {@code 30 epochs}, {@code 1 epoch}, {@code 3,000 steps}. */
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%,d %s", count, count == 1 ? unit.substring(0, unit.length() - 1) : unit);
    }
  }

  /** A task for a number of epochs. */
  static Setup of(Task task, int epochs) {
    return new OfTask(task, epochs);
  }

  /** A course, under its model's name. */
  static Setup of(PaperModel model, Course course) {
    return new OfCourse(model, course);
  }

  /** Trains for whole epochs. */
  record OfTask(Task task, int epochs) implements Setup {

    @Override
    public String name() {
      return task.name();
    }

    @Override
    public String title() {
      return task.title() + ", " + length();
    }

    @Override
    public Length length() {
      return new Length("epochs", epochs);
    }

    @Override
    public Part part(Tower tower, long seed) {
      return new TrainingPart(task, tower, epochs, seed);
    }

    @Override
    public String measure() {
      return task.measure();
    }

    @Override
    public String measureText() {
      return task.measureText();
    }

    @Override
    public double guessing() {
      return task.guessing();
    }

    @Override
    public String remark() {
      return "";
    }

    @Override
    public double stepSeconds() {
      return Task.STEP_SECONDS;
    }
  }

  /** Trains for the course's steps. */
  record OfCourse(PaperModel model, Course course) implements Setup {

    @Override
    public String name() {
      return model.toString();
    }

    @Override
    public String title() {
      return course.title();
    }

    @Override
    public Length length() {
      return new Length("steps", course.steps());
    }

    @Override
    public Part part(Tower tower, long seed) {
      return new CoursePart(course, tower, seed);
    }

    @Override
    public String measure() {
      return course.measure();
    }

    @Override
    public String measureText() {
      return course.measureText();
    }

    @Override
    public double guessing() {
      return course.guessing();
    }

    @Override
    public String remark() {
      return course.remark();
    }

    @Override
    public double stepSeconds() {
      return course.stepSeconds();
    }
  }
}

package io.hypertape.autodiff.backend;

import io.hypertape.checks.Nulls;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Whether large matrix products of the cpu backend go to a BLAS of the machine's, and to which:
 * OpenBLAS, MKL, oneDNN and others. Their bits are then that library's, which may depend on its
 * version, the processor and the number of threads. As text: {@code off}, {@code auto}, or a file.
 */
public sealed interface BlasChoice {

  /**
   * What the system property {@code hypertape.blas} says, {@code off}, {@code auto} or a file;
   * {@link #OFF} if it says nothing.
   */
  BlasChoice DEFAULT = Kind.DEFAULT;

  /** None: all products are ours, in the same bits everywhere. */
  BlasChoice OFF = Kind.OFF;

  /** The first that is found and serves; none, said in the session's description, if none does. */
  BlasChoice AUTO = Kind.AUTO;

  /** The property that {@link #DEFAULT} stands for. */
  String PROPERTY = "hypertape.blas";

  /** A choice that names no file. */
  enum Kind implements BlasChoice {
    /** What the system property says. */
    DEFAULT,
    /** None. */
    OFF,
    /** The first that serves. */
    AUTO;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * This library, or an error that says why it does not serve.
   *
   * @param path its file
   */
  record File(Path path) implements BlasChoice {

    /** Makes the path absolute. */
    public File {
      path = Nulls.check(path, "BLAS: path").toAbsolutePath().normalize();
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }

  /**
   * A library by its file.
   *
   * @param path such as {@code /usr/lib/x86_64-linux-gnu/libopenblas.so.0}
   * @return the choice
   */
  static BlasChoice of(Path path) {
    return new File(Nulls.check(path, "BLAS: path"));
  }

  /**
   * Reads a choice.
   *
   * @param text {@code off}, {@code auto}, or a file
   * @return the choice
   * @throws IllegalArgumentException if it is no text of a file either
   */
  static BlasChoice parse(String text) {
    String word = Nulls.check(text, "BLAS: text").strip();
    if (word.equalsIgnoreCase("off")) {
      return OFF;
    }
    if (word.equalsIgnoreCase("auto")) {
      return AUTO;
    }
    try {
      if (!word.isEmpty()) {
        return of(Path.of(word));
      }
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(refusal(text), e);
    }
    throw new IllegalArgumentException(refusal(text));
  }

  private static String refusal(String text) {
    return "blas is '" + text + "'; off, auto and a library's file fit";
  }

  /**
   * What this stands for.
   *
   * @return this, or what the property says
   * @throws IllegalArgumentException if the property says nothing that fits
   */
  default BlasChoice resolved() {
    if (this != DEFAULT) {
      return this;
    }
    String value = System.getProperty(PROPERTY, "");
    return value.isBlank() ? OFF : parse(value);
  }
}

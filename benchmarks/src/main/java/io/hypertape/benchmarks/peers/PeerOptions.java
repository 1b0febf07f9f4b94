package io.hypertape.benchmarks.peers;

import java.util.List;

/**
 * Where peers are and how long to measure. A place is empty for the usual ones, {@code none} to
 * leave the peer out.
 *
 * @param threads numbers of threads, equal on all sides
 * @param rounds turns of each side
 * @param openblas OpenBLAS's file
 * @param onednn oneDNN's file
 * @param mkl MKL's file
 * @param python a Python with torch
 * @param official a folder with the official code of the paper
 */
public record PeerOptions(
    List<Integer> threads,
    int rounds,
    String openblas,
    String onednn,
    String mkl,
    String python,
    String official) {

  /** Which part of the usual times is taken: tests look at what is told, not at figures. */
  private static final String PART = "hypertape.bench.part";

  /** How something is timed. */
  Pace pace(Pace usual) {
    return usual.shortened(Double.parseDouble(System.getProperty(PART, "1")));
  }
}

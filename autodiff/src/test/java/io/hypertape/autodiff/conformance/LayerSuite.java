package io.hypertape.autodiff.conformance;

import io.hypertape.autodiff.backend.Backend;

/** A part of the conformance suite. */
interface LayerSuite {

  /** Shapes that kernels find awkward. */
  int[][] SHAPES = {
    {},
    {0},
    {1},
    {7},
    {15},
    {16},
    {17},
    {31},
    {33},
    {257},
    {1, 1},
    {3, 5},
    {4, 16},
    {0, 4},
    {5, 1},
    {2, 3, 4},
    {3, 1, 17},
    {128, 10},
    {1031}
  };

  /** The backend under test beside the oracle, new for each test. */
  Bench bench();

  /** Opens another one of the backend under test. */
  Backend another();
}

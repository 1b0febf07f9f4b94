package io.hypertape.autodiff.cuda;

/** What the items of a program are; each kind has a kernel of its own, {@code program_…}. */
enum ProgramKind {
  NONE,
  SGD,
  SGD_MOMENTUM,
  ADAGRAD,
  RMSPROP,
  ADAM,
  SGD_HYPER,
  SGD_MOMENTUM_HYPER,
  ADAGRAD_HYPER,
  RMSPROP_HYPER,
  ADAM_HYPER,
  /** Log-softmax of rows and what is picked of it. */
  NLL,
  /** What is placed by index and the derivative of log-softmax. */
  NLL_GRAD,
  /** Elementwise functions, one after the other. */
  CHAIN,
  /** Running means of weights and what traces sum. */
  TRACE;

  /** How the code of single numbers calls an update or its derivatives. */
  int code() {
    return 66 + ordinal() - SGD.ordinal();
  }
}

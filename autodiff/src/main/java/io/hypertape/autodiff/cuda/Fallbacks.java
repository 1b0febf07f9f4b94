package io.hypertape.autodiff.cuda;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What slower ways were taken, each kind once with the first reason, in their order. */
final class Fallbacks {

  private final Map<String, String> reasons = new LinkedHashMap<>();

  /**
   * Notes one.
   *
   * @param what is computed in another way, and in which
   * @param why the reason
   */
  void note(String what, String why) {
    reasons.putIfAbsent(what, why);
  }

  /** Such as {@code convolution by products of cuBLAS: no cuDNN}. */
  List<String> all() {
    return reasons.entrySet().stream().map(one -> one.getKey() + ": " + one.getValue()).toList();
  }
}

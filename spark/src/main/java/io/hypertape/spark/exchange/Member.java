package io.hypertape.spark.exchange;

import io.hypertape.checks.Nulls;

/**
 * Who a worker is, as it tells the others.
 *
 * @param token the job's
 * @param attempt which attempt at the job this is: workers left over from another one are refused
 * @param worker its number, from 0
 * @param fingerprint what it computes with
 */
public record Member(JobToken token, int attempt, int worker, Fingerprint fingerprint) {

  /** Checks that all is there. */
  public Member {
    Nulls.check(token, "member: token");
    Nulls.check(fingerprint, "member: fingerprint");
    if (attempt < 0 || worker < 0) {
      throw new IllegalArgumentException(
          "member: attempt " + attempt + ", worker " + worker + "; neither can be negative");
    }
  }
}

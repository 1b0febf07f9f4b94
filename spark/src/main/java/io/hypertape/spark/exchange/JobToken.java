package io.hypertape.spark.exchange;

import io.hypertape.checks.Nulls;
import java.io.Serializable;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the workers of one job know and nobody else: drawn by whoever starts the job, handed to the
 * workers on the way that brings them their work. It never crosses a connection, workers prove to
 * each other that they have it; and no text has it.
 */
public final class JobToken implements Serializable {

  private static final long serialVersionUID = 1;

  private static final int BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";

  /** Length of a proof. */
  static final int PROOF_BYTES = 32;

  /** What is secret. */
  private final byte[] secret;

  private JobToken(byte[] secret) {
    this.secret = secret;
  }

  /**
   * A new one.
   *
   * @return a token that nobody can guess
   */
  public static JobToken random() {
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    return new JobToken(secret);
  }

  /** What only who has the token can make of a message. */
  byte[] proof(byte[] message) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /** Whether a proof is this token's, in a time that does not tell how much of it is right. */
  boolean isProof(byte[] proof, byte[] message) {
    return MessageDigest.isEqual(
        Nulls.check(proof, "token: proof"), proof(Nulls.check(message, "token: message")));
  }

  @Override
  public String toString() {
    return "a job's token";
  }
}

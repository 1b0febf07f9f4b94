package io.hypertape.run.follow;

import java.io.IOException;

/** What an MLflow server has answered, or that it has not. */
final class MlflowException extends IOException {

  private static final long serialVersionUID = 1;

  private static final int TIMEOUT = 408;
  private static final int TOO_MANY = 429;
  private static final int SERVERS_FAULT = 500;

  private final int status;
  private final String code;

  /** Without an answer. */
  MlflowException(String message, Throwable cause) {
    super(message, cause);
    this.status = 0;
    this.code = "";
  }

  /**
   * An answer that is none of success.
   *
   * @param status of HTTP
   * @param code MLflow's own, such as RESOURCE_DOES_NOT_EXIST; empty if there is none
   */
  MlflowException(String message, int status, String code) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** MLflow's own name of what is wrong. */
  boolean is(String name) {
    return code.equals(name);
  }

  /** Whether the server has answered. */
  boolean isAnswered() {
    return status != 0;
  }

  /** Whether to ask again may help. */
  boolean isPassing() {
    return status == 0 || status == TIMEOUT || status == TOO_MANY || status >= SERVERS_FAULT;
  }
}

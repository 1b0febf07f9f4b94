package io.hypertape.run.follow;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Who asks MLflow, from the environment variables that MLflow's own clients read; never told. */
final class MlflowAuthorization {

  static final String TOKEN = "MLFLOW_TRACKING_TOKEN";
  static final String USERNAME = "MLFLOW_TRACKING_USERNAME";
  static final String PASSWORD = "MLFLOW_TRACKING_PASSWORD";

  private MlflowAuthorization() {}

  /**
   * The header's value, if there is anything to say.
   *
   * @throws IllegalArgumentException if it is no text for a header; tells the variable alone
   */
  static Optional<String> of(Map<String, String> environment) {
    String username = environment.getOrDefault(USERNAME, "");
    String password = environment.getOrDefault(PASSWORD, "");
    if (!username.isEmpty() && !password.isEmpty()) {
      byte[] both = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
      return Optional.of("Basic " + Base64.getEncoder().encodeToString(both));
    }
    String token = environment.getOrDefault(TOKEN, "");
    if (!token.chars().allMatch(c -> c > ' ' && c <= '~')) {
      throw new IllegalArgumentException(
          "mlflow: the environment variable "
              + TOKEN
              + " has characters that no token has, such as spaces or line ends");
    }
    return token.isEmpty() ? Optional.empty() : Optional.of("Bearer " + token);
  }
}

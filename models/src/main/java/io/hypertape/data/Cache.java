package io.hypertape.data;

import java.nio.file.Path;

/** Where downloads are kept: below {@code hypertape} in the user's cache folder. */
final class Cache {

  private Cache() {}

  static Path folder(String dataSet) {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache == null || cache.isBlank()
            ? home(System.getProperty("user.home", ""), System.getProperty("java.io.tmpdir"))
            : Path.of(cache);
    return base.resolve("hypertape").resolve(dataSet);
  }

  /** A user without an entry in the system's list has no home, which Java calls '?'. */
  static Path home(String user, String temporary) {
    return user.equals("?") || user.isBlank() ? Path.of(temporary) : Path.of(user, ".cache");
  }
}

package io.hypertape.data;

import java.nio.file.Path;

/** Where downloads are kept: below {@code hypertape} in the user's cache folder. */
final class Cache {

  private Cache() {}

  static Path folder(String dataSet) {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache == null || cache.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return base.resolve("hypertape").resolve(dataSet);
  }
}

package io.hypertape.data;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Partial files of downloads: beside the file, under its name with a random number. Those of
 * downloads that were killed are removed by the next, links and other files are left alone.
 */
final class Partials {

  private static final Logger LOG = System.getLogger(Partials.class.getName());

  /** One that was begun this moment may not be locked yet. */
  private static final Duration RECENT = Duration.ofMinutes(1);

  /** One that is written at all is written more often, whatever the clocks of two machines say. */
  private static final Duration OLD = Duration.ofHours(1);

  private final Disk disk;
  private final LongSupplier random;

  Partials(Disk disk, LongSupplier random) {
    this.disk = disk;
    this.random = random;
  }

  /** A name for the partial file of a file. */
  Path name(Path target) {
    String number = String.format(Locale.ROOT, "%016x", random.getAsLong());
    return target.resolveSibling(target.getFileName() + "." + number + ".part");
  }

  /** Removes what killed downloads of a file have left. What cannot be removed is no hindrance. */
  void clean(Path folder, String name) {
    // Earlier versions had no dot before the number.
    Pattern ours = Pattern.compile(Pattern.quote(name) + "\\.?[0-9a-f]{1,20}\\.part");
    try {
      for (String other : disk.list(folder)) {
        if (ours.matcher(other).matches()) {
          removeUnused(folder.resolve(other));
        }
      }
    } catch (IOException e) {
      LOG.log(Logger.Level.DEBUG, () -> folder + ": cannot be searched for partial files", e);
    }
  }

  private void removeUnused(Path partial) {
    try {
      Duration age = disk.age(partial);
      boolean unused =
          switch (disk.use(partial)) {
            case FREE -> age.compareTo(RECENT) >= 0;
            case HELD -> false;
            case UNKNOWN -> age.compareTo(OLD) >= 0;
          };
      if (unused) {
        disk.delete(partial);
      }
    } catch (IOException e) {
      LOG.log(Logger.Level.DEBUG, () -> partial + ": a killed download's, cannot be removed", e);
    }
  }

  /** Removes a partial file, if it is there still; if that fails, the next download will. */
  void remove(Path partial) {
    try {
      disk.delete(partial);
    } catch (IOException e) {
      LOG.log(Logger.Level.DEBUG, () -> partial + ": cannot be removed", e);
    }
  }
}

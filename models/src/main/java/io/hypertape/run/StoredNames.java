package io.hypertape.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Names of a file's tensors without what PyTorch's wrappers add to them: {@code module.} before all
 * names (DataParallel, DistributedDataParallel), {@code _orig_mod.} anywhere (torch.compile), and
 * the like.
 */
final class StoredNames {

  /** Comes first in all names, or is a part of the model's own names. */
  private static final String PARALLEL = "module.";

  /** Names that PyTorch has reserved for its wrappers: no part of a model is called so. */
  private static final List<String> WRAPPERS =
      List.of("_orig_mod.", "_fsdp_wrapped_module.", "_checkpoint_wrapped_module.");

  private static final int SHOWN = 12;

  // In the order of the file.
  private final Map<String, String> inFile;
  private final Set<String> removed;

  private StoredNames(Map<String, String> inFile, Set<String> removed) {
    this.inFile = inFile;
    this.removed = removed;
  }

  /**
   * Takes the wrappers' parts away, where that leaves all names different.
   *
   * @param stored names as the file has them
   * @param own names that the model has, if that is known: what is part of them stays
   */
  static StoredNames of(Collection<String> stored, Set<String> own) {
    Map<String, String> plain = new LinkedHashMap<>();
    stored.forEach(name -> plain.put(name, name));
    StoredNames as = new StoredNames(plain, new TreeSet<>());
    while (true) {
      StoredNames next = as;
      for (String wrapper : WRAPPERS) {
        next = next.without(wrapper, own);
      }
      next = next.withoutParallel(own);
      if (next == as) {
        return as;
      }
      as = next;
    }
  }

  private StoredNames without(String wrapper, Set<String> own) {
    if (own.stream().anyMatch(name -> isPart(wrapper, name))
        || inFile.keySet().stream().noneMatch(name -> isPart(wrapper, name))) {
      return this;
    }
    Map<String, String> shorter = new LinkedHashMap<>();
    inFile.forEach((name, stored) -> shorter.put(removed(wrapper, name), stored));
    return changed(shorter, wrapper);
  }

  /** Whether a name has the wrapper at its beginning, or after a dot. */
  private static boolean isPart(String wrapper, String name) {
    return name.startsWith(wrapper) || name.contains("." + wrapper);
  }

  private static String removed(String wrapper, String name) {
    String rest = name.startsWith(wrapper) ? name.substring(wrapper.length()) : name;
    return rest.replace("." + wrapper, ".");
  }

  private StoredNames withoutParallel(Set<String> own) {
    if (inFile.isEmpty()
        || own.stream().anyMatch(name -> name.startsWith(PARALLEL))
        || !inFile.keySet().stream().allMatch(name -> name.startsWith(PARALLEL))) {
      return this;
    }
    Map<String, String> shorter = new LinkedHashMap<>();
    inFile.forEach((name, stored) -> shorter.put(name.substring(PARALLEL.length()), stored));
    return changed(shorter, PARALLEL);
  }

  private StoredNames changed(Map<String, String> shorter, String wrapper) {
    if (shorter.size() < inFile.size()) {
      return this;
    }
    Set<String> all = new TreeSet<>(removed);
    all.add(wrapper);
    return new StoredNames(shorter, all);
  }

  /** What the file calls a tensor. */
  String inFile(String name) {
    return inFile.get(name);
  }

  /** The same values under the names without wrappers. */
  <T> Map<String, T> renamed(Map<String, T> byStoredName) {
    Map<String, T> renamed = new LinkedHashMap<>();
    inFile.forEach((name, stored) -> renamed.put(name, byStoredName.get(stored)));
    return renamed;
  }

  /** What was taken away from names. */
  Set<String> removed() {
    return removed;
  }

  /** The names, shortened if there are many. */
  String shown() {
    List<String> names = new ArrayList<>(inFile.keySet());
    return names.size() <= SHOWN
        ? names.toString()
        : names.subList(0, SHOWN) + " and " + (names.size() - SHOWN) + " more";
  }

  /**
   * For an error: what all names begin with, which may be in the way; empty if there is nothing.
   *
   * @param wanted a name that was not found
   */
  String hint(String wanted) {
    Optional<String> prefix = prefix().filter(text -> !wanted.startsWith(text));
    long parallel = inFile.keySet().stream().filter(name -> name.startsWith(PARALLEL)).count();
    if (prefix.isEmpty() && parallel > 0) {
      return "; "
          + parallel
          + " of "
          + inFile.size()
          + " names begin with '"
          + PARALLEL
          + "', as DataParallel makes them; it is taken away only if all do";
    }
    return prefix
        .map(
            text ->
                "; all names begin with '"
                    + text
                    + "': if that is a wrapper's, write the file without it, in Python with"
                    + " {name.removeprefix(\""
                    + text
                    + "\"): t for name, t in state_dict.items()}")
        .orElse("");
  }

  /** What all names have before a dot; of one name, which says nothing, none. */
  private Optional<String> prefix() {
    String first = inFile.keySet().stream().findFirst().orElse("");
    int dot = first.indexOf('.');
    if (dot < 0 || inFile.size() < 2) {
      return Optional.empty();
    }
    String prefix = first.substring(0, dot + 1);
    return inFile.keySet().stream().allMatch(name -> name.startsWith(prefix))
        ? Optional.of(prefix)
        : Optional.empty();
  }
}

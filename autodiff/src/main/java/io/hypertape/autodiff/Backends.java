package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BackendProvider;
import io.hypertape.autodiff.backend.BackendSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ladder that chooses a backend: a named one or an error, or the best that works. */
final class Backends {

  record Choice(Backend backend, String description) {}

  /** Backends that have several devices. */
  private static final Pattern SEVERAL = Pattern.compile("(auto|cuda):([0-9]{1,3})");

  private final List<BackendProvider> providers;
  // What could not be loaded, in words.
  private final List<String> broken;

  Backends(List<BackendProvider> providers, List<String> broken) {
    this.providers = providers;
    this.broken = broken;
  }

  static Choice choose(SessionOptions options) {
    return ProviderSearch.backends().choice(options);
  }

  Choice choice(SessionOptions options) {
    BackendSettings settings =
        new BackendSettings(
            BackendSettings.Numbers.valueOf(options.precision().name()),
            options.threads(),
            BackendSettings.Simd.valueOf(options.simd().name()),
            options.blas(),
            device(options.backend()));
    String name = withoutDevice(options.backend());
    if (name.equals(SessionOptions.AUTO)) {
      return automatic(settings);
    }
    BackendProvider provider = only(name);
    try {
      Backend backend = opened(provider, settings);
      return new Choice(backend, backend.description());
    } catch (IllegalStateException | LinkageError e) {
      throw new BackendUnavailableException(provider.name() + " backend: " + reason(e), e);
    }
  }

  /** The number behind a backend of several devices, such as {@code cuda:1}. */
  private static int device(String backend) {
    Matcher several = SEVERAL.matcher(backend);
    return several.matches() ? Integer.parseInt(several.group(2)) : 0;
  }

  private static String withoutDevice(String backend) {
    Matcher several = SEVERAL.matcher(backend);
    return several.matches() ? several.group(1) : backend;
  }

  private Choice automatic(BackendSettings settings) {
    List<BackendProvider> candidates =
        providers.stream()
            .filter(provider -> provider.priority() >= 0)
            .sorted(
                Comparator.comparingInt(BackendProvider::priority)
                    .reversed()
                    .thenComparing(BackendProvider::name))
            .toList();
    List<String> reasons = new ArrayList<>();
    for (BackendProvider candidate : candidates) {
      try {
        Backend backend = opened(only(candidate.name()), settings);
        String why = reasons.isEmpty() ? "" : " (" + String.join("; ", reasons) + ")";
        return new Choice(backend, backend.description() + why);
      } catch (IllegalStateException | LinkageError e) {
        reasons.add(candidate.name() + " not used: " + reason(e));
      }
    }
    throw new BackendUnavailableException(
        "no backend can be used: "
            + (reasons.isEmpty() ? "there is none" : String.join("; ", reasons)),
        null);
  }

  private static Backend opened(BackendProvider provider, BackendSettings settings) {
    provider
        .unavailable(settings)
        .ifPresent(
            reason -> {
              throw new IllegalStateException(reason);
            });
    Backend backend = provider.create(settings);
    if (backend == null) {
      throw new IllegalStateException(
          "its provider " + provider.getClass().getName() + " gave none, and no reason");
    }
    return backend;
  }

  private static String reason(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  private BackendProvider only(String name) {
    List<BackendProvider> named =
        providers.stream().filter(provider -> provider.name().equals(name)).toList();
    if (named.isEmpty()) {
      TreeSet<String> names = new TreeSet<>();
      names.add(SessionOptions.AUTO);
      providers.forEach(provider -> names.add(provider.name()));
      throw new IllegalArgumentException(
          "backend is '"
              + name
              + "'; there are "
              + String.join(", ", names)
              + (broken.isEmpty() ? "" : " (not loaded: " + String.join("; ", broken) + ")"));
    }
    if (named.size() > 1) {
      throw new IllegalArgumentException(
          "backend is '"
              + name
              + "', which several are called: "
              + String.join(
                  " and ", named.stream().map(p -> p.getClass().getName()).sorted().toList())
              + "; one of them must leave the class path or the module path");
    }
    return named.get(0);
  }
}

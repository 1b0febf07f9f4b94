package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.BackendProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Finds providers of backends: those that this module brings, those beside it, and those that the
 * thread's class loader sees. One that cannot be loaded is in nobody's way, unless it is asked for.
 */
final class ProviderSearch {

  private final Map<Class<?>, BackendProvider> found = new LinkedHashMap<>();
  private final List<String> broken = new ArrayList<>();

  private ProviderSearch() {}

  static Backends backends() {
    ProviderSearch search = new ProviderSearch();
    ClassLoader ours = BackendProvider.class.getClassLoader();
    ClassLoader threads = Thread.currentThread().getContextClassLoader();
    search.add(ServiceLoader.load(BackendProvider.class, ours));
    if (threads != null && threads != ours) {
      search.add(ServiceLoader.load(BackendProvider.class, threads));
    }
    return new Backends(List.copyOf(search.found.values()), List.copyOf(search.broken));
  }

  private void add(ServiceLoader<BackendProvider> loader) {
    Iterator<BackendProvider> providers = loader.iterator();
    while (true) {
      try {
        if (!providers.hasNext()) {
          return;
        }
        BackendProvider provider = providers.next();
        found.putIfAbsent(provider.getClass(), provider);
      } catch (ServiceConfigurationError e) {
        // The iterator goes on behind it.
        String text = String.valueOf(e.getMessage());
        if (!broken.contains(text)) {
          broken.add(text);
          Log.warn(ProviderSearch.class, "a provider of backends is not used: " + text, e);
        }
      }
    }
  }
}

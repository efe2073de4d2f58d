package io.tarkiln.git.cache;

import io.tarkiln.build.UnavailableException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Has each thing be done by one build at a time. The others hold no thread while they wait: they
 * are told when to come again, and find done then what they came for. So those who wait for one
 * slow repository keep no other from being fetched.
 */
public final class KeyedLock {
  private final Map<String, CompletableFuture<Void>> taken = new ConcurrentHashMap<>();

  /** Has a thing to itself until it is closed. */
  public interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Takes a thing.
   *
   * @throws UnavailableException that is free again when whoever has it is done
   */
  public Turn take(String name) throws UnavailableException {
    CompletableFuture<Void> ours = new CompletableFuture<>();
    CompletableFuture<Void> other = taken.putIfAbsent(name, ours);
    if (other != null) {
      throw UnavailableException.busy("another build is at " + name, other);
    }
    return () -> {
      taken.remove(name, ours);
      ours.complete(null);
    };
  }
}

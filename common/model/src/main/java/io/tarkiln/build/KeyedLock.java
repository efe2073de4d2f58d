package io.tarkiln.build;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A lock for each key that keeps no thread waiting: who finds it held goes away and is called back
 * when it is free, and then finds done what it came for. So those who wait for one slow repository
 * keep no other from being fetched.
 */
public final class KeyedLock {
  private final Map<String, CompletableFuture<Void>> held = new ConcurrentHashMap<>();

  /** Is held until it is closed. */
  public interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Takes the lock of what a build works on.
   *
   * @throws BusyException that is free again when whoever has it is done
   */
  public Held take(String key) throws BusyException {
    return take(key, "another build is at " + key);
  }

  /**
   * Takes the lock of a key.
   *
   * @param busy what to say while another has it
   * @throws BusyException that is free again when whoever has it is done
   */
  public Held take(String key, String busy) throws BusyException {
    CompletableFuture<Void> ours = new CompletableFuture<>();
    CompletableFuture<Void> other = held.putIfAbsent(key, ours);
    if (other != null) {
      throw new BusyException(busy, other);
    }
    return () -> {
      held.remove(key, ours);
      ours.complete(null);
    };
  }
}

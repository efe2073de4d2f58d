package io.tarkiln.pipeline;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/** Runs work of one key in the order it was handed over, and work of different keys at once. */
final class KeyedSerialExecutor {
  private final ConcurrentMap<String, CompletableFuture<Void>> last = new ConcurrentHashMap<>();

  /** Starts the work when all earlier work of the key has ended, well or not. */
  <T> CompletionStage<T> run(String key, Supplier<CompletionStage<T>> work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    CompletableFuture<Void> before = last.put(key, done);
    CompletionStage<T> result =
        before == null ? work.get() : before.thenCompose(nothing -> work.get());
    return result.whenComplete(
        (value, failure) -> {
          last.remove(key, done);
          done.complete(null);
        });
  }
}

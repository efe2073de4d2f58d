package io.tarkiln.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class KeyedSerialExecutorTest {
  private final KeyedSerialExecutor order = new KeyedSerialExecutor();
  private final List<String> started = new ArrayList<>();

  @Test
  void starts_work_of_one_key_after_the_work_before_it() {
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> second = new CompletableFuture<>();

    order.run("a", () -> begin("first", first));
    order.run("a", () -> begin("second", second));
    assertThat(started).containsExactly("first");

    first.complete("done");
    assertThat(started).containsExactly("first", "second");
  }

  @Test
  void goes_on_after_work_that_failed() {
    CompletableFuture<String> first = new CompletableFuture<>();

    order.run("a", () -> begin("first", first));
    order.run("a", () -> begin("second", new CompletableFuture<>()));
    first.completeExceptionally(new IllegalStateException("no"));

    assertThat(started).containsExactly("first", "second");
  }

  @Test
  void does_not_let_keys_wait_for_one_another() {
    order.run("a", () -> begin("a", new CompletableFuture<>()));
    order.run("b", () -> begin("b", new CompletableFuture<>()));

    assertThat(started).containsExactly("a", "b");
  }

  private CompletableFuture<String> begin(String name, CompletableFuture<String> end) {
    started.add(name);
    return end;
  }
}

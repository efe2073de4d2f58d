package io.tarkiln.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class KeyedLockTest {
  private final KeyedLock locks = new KeyedLock();

  @Test
  void who_finds_it_held_hears_when_it_is_free() throws Exception {
    KeyedLock.Held held = locks.take("shop");

    BusyException busy =
        catchThrowableOfType(BusyException.class, () -> locks.take("shop", "shop is busy"));
    CompletionStage<Void> free = busy.free();

    assertThat(busy).hasMessage("shop is busy");
    assertThat(free.toCompletableFuture()).isNotDone();
    held.close();
    assertThat(free.toCompletableFuture()).isDone();
    locks.take("shop").close();
  }

  @Test
  void other_keys_are_free() throws Exception {
    try (KeyedLock.Held shop = locks.take("shop");
        KeyedLock.Held cart = locks.take("cart")) {
      assertThat(shop).isNotSameAs(cart);
    }
  }

  @Test
  void closing_twice_frees_no_other_holder() throws Exception {
    KeyedLock.Held first = locks.take("shop");
    first.close();
    try (KeyedLock.Held second = locks.take("shop")) {
      first.close();

      assertThat(catchThrowableOfType(BusyException.class, () -> locks.take("shop"))).isNotNull();
      assertThat(second).isNotNull();
    }
  }
}

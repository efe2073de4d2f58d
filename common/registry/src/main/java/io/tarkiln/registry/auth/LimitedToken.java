package io.tarkiln.registry.auth;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A bearer token that is handed on to somebody who may not have the account.
 *
 * @param lifetime from when it was asked for
 * @param granted what it is good for, such as {@code repository:shop/api:pull}; empty where nobody
 *     but the registry can tell
 */
public record LimitedToken(String value, Duration lifetime, Optional<Set<String>> granted) {
  public LimitedToken {
    granted = granted.map(Set::copyOf);
  }

  /** Whether it is known to be good for nothing but these. */
  public boolean isWithin(Set<String> actions) {
    return granted.filter(actions::containsAll).isPresent();
  }

  /** Nothing secret. */
  @Override
  public String toString() {
    return "LimitedToken[lifetime=%s, granted=%s]".formatted(lifetime, granted);
  }
}

package io.tarkiln.registry.auth;

import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.credentials.Credentials;
import io.tarkiln.registry.credentials.DockerConfig;
import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.registry.error.RegistryRefusedException;
import io.tarkiln.registry.http.ErrorMapping;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The {@code Authorization} header of all requests about one repository; made when the registry
 * asks for one, and again before it expires or when it is not accepted any more.
 */
public final class Authenticator {
  private final ImageReference image;
  private final DockerConfig accounts;
  private final BearerTokens tokens;
  private final List<String> scopes;
  private final Clock clock;
  private volatile Grant grant = Grant.NONE;
  private Optional<RegistryRefusedException> rejected = Optional.empty();

  /**
   * What we have.
   *
   * @param by the challenge that it answers
   * @param until when it should be renewed: a large blob would be sent in vain with one that is
   *     refused only at the end
   */
  private record Grant(Optional<String> header, Optional<Challenge> by, Instant until) {
    static final Grant NONE = new Grant(Optional.empty(), Optional.empty(), Instant.MAX);
  }

  public Authenticator(
      ImageReference image, DockerConfig accounts, BearerTokens tokens, List<String> scopes) {
    this(image, accounts, tokens, scopes, Clock.systemUTC());
  }

  public Authenticator(
      ImageReference image,
      DockerConfig accounts,
      BearerTokens tokens,
      List<String> scopes,
      Clock clock) {
    this.image = image;
    this.accounts = accounts;
    this.tokens = tokens;
    this.scopes = List.copyOf(scopes);
    this.clock = clock;
  }

  /** Nothing before the registry has asked. */
  public Optional<String> header() throws RegistryException {
    if (clock.instant().isAfter(grant.until())) {
      renewStale();
    }
    return grant.header();
  }

  private synchronized void renewStale() throws RegistryException {
    if (clock.instant().isAfter(grant.until())) {
      grant = byToken(grant.by().orElseThrow(), accounts.of(image.registry(), image.repository()));
    }
  }

  /**
   * Makes another header than the refused one. Of many requests that are refused at once, the first
   * does it for all, and when it fails, it has failed for all: many wrong passwords in a row get an
   * account locked.
   *
   * @throws RegistryRefusedException when no account is known or the known one is refused
   */
  public synchronized void renew(Optional<String> refused, HttpResponse<?> answer)
      throws RegistryException {
    if (!grant.header().equals(refused)) {
      return;
    }
    if (rejected.isPresent()) {
      throw rejected.get();
    }
    try {
      grant = granted(refused, answer);
    } catch (RegistryRefusedException once) {
      rejected = Optional.of(once);
      throw once;
    }
  }

  private Grant granted(Optional<String> refused, HttpResponse<?> answer) throws RegistryException {
    Optional<Credentials> account = accounts.of(image.registry(), image.repository());
    Challenge challenge =
        Challenge.of(answer.headers().allValues("WWW-Authenticate"))
            .orElseThrow(() -> ErrorMapping.refusedAccount(image, account));
    boolean bearer = challenge.scheme().equals("bearer");
    Optional<String> ready = account.flatMap(bearer ? Credentials::bearer : Credentials::basic);
    if (bearer && ready.isEmpty()) {
      return byToken(challenge, account);
    }
    if (ready.isEmpty() || ready.equals(refused)) {
      throw ErrorMapping.refusedAccount(image, account);
    }
    return new Grant(ready, Optional.of(challenge), Instant.MAX);
  }

  private Grant byToken(Challenge challenge, Optional<Credentials> account)
      throws RegistryException {
    Instant now = clock.instant();
    BearerTokens.Token token = tokens.token(challenge, scopes, account);
    Duration margin = token.lifetime().dividedBy(5);
    return new Grant(
        Optional.of("Bearer " + token.value()),
        Optional.of(challenge),
        now.plus(token.lifetime()).minus(margin));
  }
}

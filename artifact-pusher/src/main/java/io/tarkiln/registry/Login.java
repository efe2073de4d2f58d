package io.tarkiln.registry;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;

/**
 * The {@code Authorization} header of all requests about one repository; made when the registry
 * asks for one and again when it does not accept the old one any more.
 */
final class Login {
  private final ImageReference image;
  private final DockerConfig accounts;
  private final Tokens tokens;
  private final List<String> scopes;
  private volatile Optional<String> header = Optional.empty();

  Login(ImageReference image, DockerConfig accounts, Tokens tokens, List<String> scopes) {
    this.image = image;
    this.accounts = accounts;
    this.tokens = tokens;
    this.scopes = List.copyOf(scopes);
  }

  Optional<String> header() {
    return header;
  }

  /**
   * Makes another header than the refused one. Of many requests that are refused at once, the first
   * does it for all.
   *
   * @throws RejectedException when no account is known or the known one is refused
   */
  synchronized void renew(Optional<String> refused, HttpResponse<?> answer)
      throws RejectedException, UnavailableException {
    if (!header.equals(refused)) {
      return;
    }
    Optional<Credentials> account = accounts.of(image.registry());
    Challenge challenge =
        Challenge.of(answer.headers().allValues("WWW-Authenticate"))
            .orElseThrow(() -> Answers.refusedAccount(image, account));
    if (challenge.scheme().equals("bearer")) {
      header = Optional.of("Bearer " + tokens.token(challenge, scopes, account));
      return;
    }
    Optional<String> basic = account.map(Credentials::basic);
    if (basic.isEmpty() || basic.equals(refused)) {
      throw Answers.refusedAccount(image, account);
    }
    header = basic;
  }
}

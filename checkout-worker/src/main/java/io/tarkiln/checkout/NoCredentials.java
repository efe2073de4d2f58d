package io.tarkiln.checkout;

import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;

/** Answers no question. Without it JGit would look for a provider elsewhere. */
final class NoCredentials extends CredentialsProvider {
  @Override
  public boolean isInteractive() {
    return false;
  }

  @Override
  public boolean supports(CredentialItem... items) {
    return false;
  }

  @Override
  public boolean get(URIish uri, CredentialItem... items) {
    return false;
  }
}

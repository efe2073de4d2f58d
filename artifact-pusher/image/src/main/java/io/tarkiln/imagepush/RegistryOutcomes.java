package io.tarkiln.imagepush;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.registry.error.Refusal;
import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.registry.error.RegistryRefusedException;

/**
 * What a registry's refusal means for a build: the only place where errors of the registry client
 * become outcomes. Messages stay as they are.
 */
final class RegistryOutcomes {
  /** Something that a registry is asked to do. */
  interface Call<T> {
    T run() throws RegistryException;
  }

  /** The same without a result. */
  interface Action {
    void run() throws RegistryException;
  }

  private RegistryOutcomes() {}

  /** Does it, and ends as a build would if the registry does not go along. */
  static <T> T of(Call<T> call) throws RejectedException, UnavailableException {
    try {
      return call.run();
    } catch (RegistryRefusedException refused) {
      throw new RejectedException(reason(refused.refusal()), refused.getMessage(), refused);
    } catch (RegistryException unavailable) {
      throw new UnavailableException(unavailable.getMessage(), unavailable);
    }
  }

  /** The same for what has no result. */
  static void of(Action action) throws RejectedException, UnavailableException {
    of(
        () -> {
          action.run();
          return true;
        });
  }

  private static Reason reason(Refusal refusal) {
    return switch (refusal) {
      case TAG_IMMUTABLE -> Reason.TAG_IMMUTABLE;
      case DENIED -> Reason.REGISTRY_DENIED;
      case UNAUTHORIZED -> Reason.AUTHENTICATION_REFUSED;
      case UNTRUSTED -> Reason.NOT_ALLOWED;
      case WRONG_DIGEST -> Reason.BAD_IMAGE_TAR;
    };
  }
}

package io.tarkiln.store;

import io.tarkiln.build.UnavailableException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Makes calls to S3, and tells answers that refuse from those that are answers. */
final class S3Calls {
  private S3Calls() {}

  /** A call to the SDK. */
  interface Call<T> {
    T make() throws UnavailableException;
  }

  /** The answer that a refusal is to the question; empty where it is none. */
  interface Meaning<T> {
    Optional<T> of(S3Exception refused);

    /** This, else the other. */
    default Meaning<T> or(Meaning<T> other) {
      return refused -> of(refused).or(() -> other.of(refused));
    }
  }

  /** No refusal is an answer. */
  static <T> Meaning<T> never() {
    return refused -> Optional.empty();
  }

  /** Such a refusal is this answer. */
  static <T> Meaning<T> when(Predicate<S3Exception> such, T answer) {
    return refused -> such.test(refused) ? Optional.of(answer) : Optional.empty();
  }

  /** That there is no such object is this answer. */
  static <T> Meaning<T> whenMissing(T answer) {
    return when(NoSuchKeyException.class::isInstance, answer);
  }

  /** A refusal with this status is this answer. */
  static <T> Meaning<T> whenStatus(int status, T answer) {
    return when(refused -> refused.statusCode() == status, answer);
  }

  /**
   * What S3 answers. The SDK lets some broken connections through as they are, unchecked.
   *
   * @param verb what is done, with {@code what}, for people
   * @throws UnavailableException when it does not answer, or refuses and that is no answer
   */
  static <T> T call(String verb, String what, Call<T> call, Meaning<T> meaning)
      throws UnavailableException {
    try {
      return call.make();
    } catch (S3Exception refused) {
      return meaning.of(refused).orElseThrow(() -> unavailable(verb, what, refused));
    } catch (SdkException | UncheckedIOException failed) {
      throw unavailable(verb, what, failed);
    }
  }

  private static UnavailableException unavailable(
      String verb, String what, RuntimeException failed) {
    return new UnavailableException(
        "cannot %s %s in S3: %s".formatted(verb, what, failed.getMessage()), failed);
  }
}

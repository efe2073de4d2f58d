package io.tarkiln.registry.http;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The body of an answer as a whole, up to a bound: all that we read is small. */
final class BoundedBody implements BodySubscriber<byte[]> {
  /** Bytes; registries take manifests of up to 4 MiB (OCI distribution specification). */
  static final int MAX_BYTES = 16 << 20;

  private final BodySubscriber<byte[]> whole = BodySubscribers.ofByteArray();
  private Optional<Flow.Subscription> subscription = Optional.empty();
  private long taken;

  static IOException tooLarge() {
    return new IOException("an answer of more than %d bytes".formatted(MAX_BYTES));
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return whole.getBody();
  }

  @Override
  public void onSubscribe(Flow.Subscription subscribed) {
    subscription = Optional.of(subscribed);
    whole.onSubscribe(subscribed);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    taken += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
    if (taken > MAX_BYTES) {
      subscription.ifPresent(Flow.Subscription::cancel);
      whole.onError(tooLarge());
    } else {
      whole.onNext(buffers);
    }
  }

  @Override
  public void onError(Throwable failure) {
    whole.onError(failure);
  }

  @Override
  public void onComplete() {
    whole.onComplete();
  }
}

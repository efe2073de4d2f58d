package io.tarkiln.cli.view;

import io.tarkiln.cli.session.Printable;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.BuildSubmitted;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.EventData;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.ImagePushed;
import io.tarkiln.event.SourceCheckedOut;
import java.util.stream.Collectors;

/** Describes in a few words what an event says beyond its type. */
public final class EventText {
  private EventText() {}

  static String of(EventData data) {
    String text = "";
    if (data instanceof BuildRequested requested) {
      text =
          "%s:%s from %s at %s, services %s"
              .formatted(
                  requested.workload(),
                  requested.tag(),
                  requested.source().repository(),
                  requested.source().revision(),
                  String.join(", ", requested.serviceNames()));
    } else if (data instanceof SourceCheckedOut source) {
      text =
          "commit " + source.plan().commit().substring(0, 12) + ", " + source.input().sourceKey();
    } else if (data instanceof DockerfileRewritten rewritten) {
      text = baseImages(rewritten);
    } else if (data instanceof BuildSubmitted submitted) {
      text = submitted.engine() + " " + submitted.workflow();
    } else if (data instanceof ImageBuilt built) {
      text =
          built
              .retagFrom()
              .map(tag -> "not built, tag " + tag + " again")
              .or(() -> built.unchanged().map(digest -> "not built, unchanged " + digest))
              .orElseGet(() -> size(built.sizeBytes()));
    } else if (data instanceof ImagePushed pushed) {
      text =
          "%s@%s, %s sent, %d blobs sent, %d mounted, %d there"
              .formatted(
                  pushed.image(),
                  pushed.digest(),
                  size(pushed.bytesSent()),
                  pushed.blobsSent(),
                  pushed.blobsMounted(),
                  pushed.blobsSkipped());
    } else if (data instanceof BuildFinished finished) {
      text = outcome(finished);
    }
    return Printable.line(text);
  }

  /** The outcome in one line. */
  static String outcome(BuildFinished finished) {
    if (finished.reason().isEmpty()) {
      return finished.outcome().wire() + finished.message().map(text -> ": " + text).orElse("");
    }
    return "%s at %s%s: %s: %s"
        .formatted(
            finished.outcome().wire(),
            finished.stage(),
            finished.service().map(service -> ", service " + service).orElse(""),
            finished.reason().get().wire(),
            finished.message().orElse(""));
  }

  private static String baseImages(DockerfileRewritten rewritten) {
    return rewritten
        .problem()
        .orElseGet(
            () ->
                rewritten.baseImages().stream()
                    .map(
                        image ->
                            image.before().equals(image.after())
                                ? image.before() + " (" + image.why() + ")"
                                : image.before() + " -> " + image.after())
                    .distinct()
                    .collect(Collectors.joining(", ")));
  }

  /** What has become of a base image, in one line. */
  public static String baseImage(
      int line, String instruction, String before, String after, String why) {
    return Printable.line(
        "line %d %s %s -> %s (%s)".formatted(line, instruction, before, after, why));
  }

  /** A number of bytes for people. */
  public static String size(long bytes) {
    return bytes < 1e6 ? "%.1f kB".formatted(bytes / 1e3) : "%.1f MB".formatted(bytes / 1e6);
  }
}

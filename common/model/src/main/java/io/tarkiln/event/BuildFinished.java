package io.tarkiln.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.tarkiln.build.NameSyntax;
import io.tarkiln.build.Reason;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The one outcome of a build, also the content of {@code finished.json}.
 *
 * @param stage the service that ended the build
 * @param service the service of the workload at which it failed
 * @param reason why it failed; empty unless failed
 * @param message one sentence a person can act on; empty when succeeded
 * @param lastLines the end of the log that shows the fault
 * @param images what is in the registry; empty unless succeeded
 */
public record BuildFinished(
    String workload,
    String tag,
    Outcome outcome,
    String stage,
    Optional<String> service,
    Optional<Reason> reason,
    Optional<String> message,
    List<String> lastLines,
    List<FinishedImage> images)
    implements EventData {
  /** Longer than any that is allowed: what is refused may be of any length. */
  private static final int MAX_NAME = 200;

  private static final int MAX_MESSAGE = 4000;

  public BuildFinished {
    workload = cut(workload == null ? "" : workload, MAX_NAME);
    tag = cut(tag == null ? "" : tag, MAX_NAME);
    NameSyntax.present("outcome", outcome);
    NameSyntax.text("stage", stage);
    service = service == null ? Optional.empty() : service;
    reason = reason == null ? Optional.empty() : reason;
    message = message == null ? Optional.empty() : message.map(text -> cut(text, MAX_MESSAGE));
    lastLines = lastLines == null ? List.of() : List.copyOf(lastLines);
    images = images == null ? List.of() : List.copyOf(images);
  }

  private static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest) + "...";
  }

  /** How a build can end. */
  public enum Outcome {
    SUCCEEDED,
    FAILED,
    CANCELLED;

    @JsonCreator
    static Outcome ofWire(String wire) {
      return valueOf(wire.toUpperCase(Locale.ROOT));
    }

    /** The outcome as events carry it. */
    @JsonValue
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One image of a build that succeeded.
   *
   * @param image reference with tag
   * @param digest of the manifest, {@code sha256:...}
   */
  public record FinishedImage(String service, String image, String digest) {}

  /** All images are tagged. */
  public static BuildFinished succeeded(
      String workload, String tag, String stage, List<FinishedImage> images) {
    return new BuildFinished(
        workload,
        tag,
        Outcome.SUCCEEDED,
        stage,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        images);
  }

  /** Somebody asked to stop the build, and nothing was tagged. */
  public static BuildFinished cancelled(String workload, String stage, Optional<String> message) {
    return new BuildFinished(
        workload,
        "",
        Outcome.CANCELLED,
        stage,
        Optional.empty(),
        Optional.empty(),
        message,
        List.of(),
        List.of());
  }

  /** The build ended for the given reason, and nothing was tagged. */
  public static BuildFinished failed(
      String workload,
      String tag,
      String stage,
      Optional<String> service,
      Reason reason,
      String message,
      List<String> lastLines) {
    return new BuildFinished(
        workload,
        tag,
        Outcome.FAILED,
        stage,
        service,
        Optional.of(reason),
        Optional.of(message),
        lastLines,
        List.of());
  }
}

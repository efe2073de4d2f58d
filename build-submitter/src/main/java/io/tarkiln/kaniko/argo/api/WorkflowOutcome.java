package io.tarkiln.kaniko.argo.api;

import io.tarkiln.build.Reason;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.RunEnd;
import io.tarkiln.kaniko.RunEnd.Built;
import io.tarkiln.kaniko.RunEnd.Cancelled;
import io.tarkiln.kaniko.RunEnd.Failed;
import io.tarkiln.kaniko.RunEnd.Unavailable;
import io.tarkiln.kaniko.argo.api.Workflow.Attempt;
import io.tarkiln.kaniko.output.KanikoExitClassifier;
import io.tarkiln.kaniko.output.LogTail;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a run ended, by its Workflow that ended or is gone. The texts are those of Argo's controller
 * (its {@code inferFailedReason}) and of the kubelet, whose message Argo passes on.
 *
 * @param tar size of the image tar in S3, if there is one
 * @param tail end of the log
 * @param heldUp why the last pod had not begun, where it said so itself
 */
public record WorkflowOutcome(
    Workflow workflow, KanikoRun run, OptionalLong tar, LogTail tail, Optional<String> heldUp) {
  private static final Pattern IMAGE =
      Pattern.compile("ImagePullBackOff|ErrImagePull|InvalidImageName|ErrImageNeverPull");
  private static final Pattern MEMORY = Pattern.compile("OOMKilled");
  private static final Pattern DISK =
      Pattern.compile("local storage usage exceeds|exceeds the limit");
  private static final Pattern DEADLINE =
      Pattern.compile(
          "longer than the specified deadline|[Ee]xceeded its deadline|DeadlineExceeded");
  private static final Pattern NODE =
      Pattern.compile(
          "(?i)evict|preempt|node was low|node shutdown|nodelost|node is lost|imminent|pod"
              + " deleted");
  private static final Pattern TRANSFER = Pattern.compile("^(fetch|upload): ");

  private static final int EXIT_NOT_STORED = 65;

  /** What the template's shell says last, before Argo, when the upload came to nothing. */
  private static final Pattern NOT_STORED =
      Pattern.compile("^tarkiln: (refused|large|unavailable) (.*)");

  private static final Pattern EXIT_CODE = Pattern.compile("^main: .*\\(exit code ([0-9]{1,3})\\)");

  /**
   * The end; {@link Unavailable} where the run should be begun anew: something did not answer, or
   * the cluster took the pod away more often than Argo tries again.
   */
  public RunEnd end() {
    if (workflow.phase().equals("Succeeded")) {
      return tar.isPresent() ? new Built(tar.getAsLong()) : noTar();
    }
    Optional<StopCause> stopped = StopCause.of(workflow);
    if (stopped.isPresent()) {
      return switch (stopped.get()) {
        case CANCELLED -> new Cancelled();
        case IMAGE_PULL -> givenUp("an image cannot be pulled");
        case NO_POD ->
            failed(
                Reason.TIMEOUT,
                explained("the pod could not start within TARKILN_LONGEST_HOLD: replay the build"));
        case TOO_LATE ->
            failed(
                Reason.TIMEOUT,
                explained(
                    "the build has not ended within TARKILN_LONGEST_BUILD of its request: replay"
                        + " it"));
      };
    }
    if (!workflow.hasEnded()) {
      return givenUp("somebody deleted the Workflow before it ended: replay the build");
    } else if (workflow.isStopped()) {
      return givenUp("somebody stopped the Workflow: replay the build");
    }
    return lastAttempt().map(this::ofAttempt).orElseGet(this::withoutPod);
  }

  /** What the log says where Kaniko cannot say it. */
  public static Optional<String> comment(RunEnd end) {
    if (end instanceof Failed failed && failed.reason() != Reason.BUILD_FAILED) {
      return Optional.of(failed.message());
    }
    if (end instanceof Unavailable unavailable) {
      return Optional.of(unavailable.message() + "; it is tried again");
    }
    return end instanceof Cancelled ? Optional.of("the build was cancelled") : Optional.empty();
  }

  /** Whether a pod waits for an image that cannot be pulled. */
  public static boolean lacksImage(Attempt attempt) {
    return attempt.isPending() && IMAGE.matcher(attempt.message()).find();
  }

  private Optional<Attempt> lastAttempt() {
    List<Attempt> attempts = workflow.attempts();
    return attempts.isEmpty() ? Optional.empty() : Optional.of(attempts.get(attempts.size() - 1));
  }

  private RunEnd ofAttempt(Attempt attempt) {
    String message = attempt.message();
    if (MEMORY.matcher(message).find()) {
      return failed(
          Reason.OUT_OF_MEMORY,
          "the build of %s needed more memory than the template allows".formatted(run.service()));
    } else if (DEADLINE.matcher(message).find()) {
      return failed(
          Reason.TIMEOUT,
          "the build of %s took longer than the template's activeDeadlineSeconds"
              .formatted(run.service()));
    } else if (DISK.matcher(message).find()) {
      return failed(
          Reason.DISK_LIMIT,
          "the build of %s needed more disk than the template allows".formatted(run.service()));
    } else if (IMAGE.matcher(message).find()) {
      return unavailable("an image of the pod cannot be pulled");
    } else if (NODE.matcher(message).find()) {
      return unavailable("the cluster took the pod away, and again when it was tried anew");
    }
    Optional<Integer> exitCode = exitCode(attempt);
    Optional<Matcher> notStored = notStored();
    if (exitCode.filter(code -> code == EXIT_NOT_STORED).isPresent() && notStored.isPresent()) {
      return ofUpload(notStored.get().group(1), notStored.get().group(2));
    } else if (exitCode.isPresent()) {
      return ofKaniko(exitCode.get());
    } else if (TRANSFER.matcher(message).find()) {
      return unavailable("source or image tar did not get from S3 to the pod or back");
    }
    return unavailable("the Workflow failed");
  }

  private static Optional<Integer> exitCode(Attempt attempt) {
    Matcher said = EXIT_CODE.matcher(attempt.message());
    return said.find()
        ? Optional.of(Integer.valueOf(said.group(1)))
        : attempt.exitCode().filter(code -> code != 0);
  }

  private Optional<Matcher> notStored() {
    return tail.lines().stream()
        .map(NOT_STORED::matcher)
        .filter(Matcher::matches)
        .reduce((earlier, later) -> later);
  }

  private RunEnd ofUpload(String what, String sentence) {
    return switch (what) {
      case "large" -> failed(Reason.LIMIT_EXCEEDED, sentence);
      case "refused" -> failed(Reason.BUILD_FAILED, sentence);
      default -> new Unavailable(sentence);
    };
  }

  private RunEnd ofKaniko(int exitCode) {
    return new KanikoExitClassifier(run.input().dockerfile(), exitCode, tail).end();
  }

  private RunEnd withoutPod() {
    return failed(
        Reason.INTERNAL_ERROR,
        "Argo ended Workflow %s without a pod: %s".formatted(workflow.name(), workflow.message()));
  }

  private RunEnd noTar() {
    return failed(
        Reason.INTERNAL_ERROR,
        "Workflow %s succeeded and left no object %s: its template must be the one of this version"
            .formatted(workflow.name(), run.imageTarKey()));
  }

  private RunEnd unavailable(String what) {
    return new Unavailable(explained(what));
  }

  private RunEnd givenUp(String what) {
    return failed(Reason.UNAVAILABLE, explained(what));
  }

  private String explained(String what) {
    String said =
        heldUp
            .or(() -> lastAttempt().map(Attempt::message))
            .filter(message -> !message.isEmpty())
            .orElseGet(workflow::message);
    return "%s (Workflow %s%s)".formatted(what, workflow.name(), said.isEmpty() ? "" : ": " + said);
  }

  private Failed failed(Reason reason, String message) {
    return new Failed(reason, message, tail.lines());
  }
}

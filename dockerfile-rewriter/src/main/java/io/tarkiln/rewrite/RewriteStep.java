package io.tarkiln.rewrite;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.dockerfile.DockerfileRewriter;
import io.tarkiln.dockerfile.ImageOperand;
import io.tarkiln.dockerfile.Platform;
import io.tarkiln.dockerfile.ProxyMap;
import io.tarkiln.dockerfile.RewriteResult;
import io.tarkiln.dockerfile.kaniko.Verdict;
import io.tarkiln.dockerfile.syntax.ParseError;
import io.tarkiln.event.BaseImage;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.event.PipelineStage;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.pipeline.Step;
import io.tarkiln.pipeline.StepResult;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a service's Dockerfile from S3 and stores the edited one beside it: names of images come
 * from proxies unless the mirror is off, and what Kaniko would build otherwise is edited. What it
 * cannot build ends here.
 */
public final class RewriteStep implements Step<SourceCheckedOut> {
  /** Most that the names of one report may take, in characters. */
  private static final int MAX_REPORT = 200_000;

  /** What a base image takes in the event beside its names, in characters. */
  private static final int AROUND_NAMES = 200;

  /** A reference has at most 255 characters of path and 128 of tag beside its host and digest. */
  private static final int MAX_NAME = 700;

  /** Bytes; checkout-worker takes half of that. */
  private static final int MAX_DOCKERFILE = 2 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(RewriteStep.class);

  private final ObjectStore store;
  private final DockerfileRewriter toProxies;
  private final DockerfileRewriter toNowhere;
  private final KanikoRules kaniko;

  public RewriteStep(ObjectStore store, ProxyMap proxies, Platform platform) {
    this.store = store;
    this.toProxies = new DockerfileRewriter(proxies, platform);
    this.toNowhere = new DockerfileRewriter(new ProxyMap(Map.of()), platform);
    this.kaniko = new KanikoRules(store, platform);
  }

  @Override
  public StepResult run(Event<SourceCheckedOut> event)
      throws RejectedException, UnavailableException {
    SourceCheckedOut source = event.data();
    byte[] dockerfile = dockerfile(source);
    boolean mirror = source.plan().mirror();
    RewriteResult rewritten =
        (mirror ? toProxies : toNowhere).rewrite(dockerfile, source.input().buildArgs());
    String key = ObjectKeys.rewrittenDockerfile(event.build(), source.service());
    Verdict.Builds edited = kaniko.of(source, rewritten.dockerfile());
    store.write(key, edited.dockerfile());
    List<BaseImage> baseImages = reported(rewritten, mirror);
    LOG.info(
        "rewritten buildId={} service={} baseImages={} changed={} warnings={}",
        event.build(),
        source.service(),
        baseImages.size(),
        rewritten.changed(),
        edited.differences().size());
    return StepResult.of(
        event.next(
            PipelineStage.DOCKERFILE_REWRITER.wire(),
            new DockerfileRewritten(
                source.workload(),
                source.service(),
                source.plan(),
                source.input().withDockerfileKey(key),
                baseImages,
                rewritten
                    .error()
                    .map(error -> problem(source, error))
                    .or(() -> leftOut(rewritten, baseImages)),
                KanikoRules.warnings(edited))));
  }

  private byte[] dockerfile(SourceCheckedOut source)
      throws RejectedException, UnavailableException {
    String key = source.input().dockerfileKey();
    return store
        .read(key, MAX_DOCKERFILE)
        .orElseThrow(
            () ->
                new RejectedException(
                    Reason.NO_DOCKERFILE,
                    "no object %s in S3: it has expired, replay the build".formatted(key)));
  }

  /**
   * Kaniko has the last word on what a Dockerfile may be, so this is reported and the build goes
   * on.
   */
  private static String problem(SourceCheckedOut source, ParseError error) {
    return "%s line %d is not understood, so no base image was edited: %s"
        .formatted(source.input().dockerfile(), error.line(), error.message());
  }

  /** The first of them that an event has room for: Kafka takes no record beyond a mebibyte. */
  private static List<BaseImage> reported(RewriteResult rewritten, boolean mirror) {
    List<BaseImage> reported = new ArrayList<>();
    int room = MAX_REPORT;
    for (ImageOperand image : rewritten.baseImages()) {
      BaseImage one = reported(image, mirror);
      room -= AROUND_NAMES + one.before().length() + one.after().length();
      if (room < 0) {
        return reported;
      }
      reported.add(one);
    }
    return reported;
  }

  private static Optional<String> leftOut(RewriteResult rewritten, List<BaseImage> reported) {
    int all = rewritten.baseImages().size();
    return all == reported.size()
        ? Optional.empty()
        : Optional.of(
            "the Dockerfile names %d base images, of which the first %d are told"
                .formatted(all, reported.size()));
  }

  private static BaseImage reported(ImageOperand image, boolean mirror) {
    String why = image.why().wire();
    return new BaseImage(
        image.line(),
        image.instruction(),
        cut(image.before()),
        cut(image.after()),
        !mirror && why.equals("unmapped") ? "mirror-off" : why,
        Optional.of(cut(image.detail())).filter(detail -> !detail.isEmpty()));
  }

  /** What is no name may be as long as a line. */
  private static String cut(String name) {
    return cut(name, MAX_NAME);
  }

  /** A text of at most so many characters, with dots at its end where there were more. */
  static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest - 3) + "...";
  }
}

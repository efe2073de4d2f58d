package io.tarkiln.rewrite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.dockerfile.Platform;
import io.tarkiln.dockerfile.context.ContextFile;
import io.tarkiln.dockerfile.context.ContextFiles;
import io.tarkiln.dockerfile.kaniko.BuildRequest;
import io.tarkiln.dockerfile.kaniko.KanikoDialect;
import io.tarkiln.dockerfile.kaniko.Verdict;
import io.tarkiln.event.RunInput;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.event.Warning;
import io.tarkiln.store.ContextListing;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Asks what Kaniko makes of a service's Dockerfile, with the list of its files from S3. */
final class KanikoRules {
  /** Most warnings that one event has room for. */
  private static final int MAX_WARNINGS = 200;

  private static final int MAX_MESSAGE = 1000;

  /** Bytes of a list as it is stored, compressed; half of what is read of it. */
  private static final int MAX_LIST = 128 << 20;

  private static final Pattern COPIES = Pattern.compile("(?i)\\b(COPY|ADD)\\b");

  private final ObjectStore store;
  private final Platform platform;

  KanikoRules(ObjectStore store, Platform platform) {
    this.store = store;
    this.platform = platform;
  }

  /**
   * What Kaniko is to build.
   *
   * @throws RejectedException when it cannot
   */
  Verdict.Builds of(SourceCheckedOut source, byte[] dockerfile)
      throws RejectedException, UnavailableException {
    RunInput input = source.input();
    boolean copies = COPIES.matcher(new String(dockerfile, ISO_8859_1)).find();
    ContextFiles files = copies ? files(input) : ContextFiles.of(List.of());
    Verdict verdict =
        KanikoDialect.of(
            dockerfile,
            new BuildRequest(
                input.buildArgs(), input.target(), platform, source.plan().cache(), files));
    if (verdict instanceof Verdict.Cannot cannot) {
      throw new RejectedException(
          Reason.ENGINE_CANNOT,
          "%s line %d: %s"
              .formatted(
                  input.dockerfile(),
                  cannot.line(),
                  RewriteStep.cut(cannot.message(), MAX_MESSAGE)));
    }
    return (Verdict.Builds) verdict;
  }

  static List<Warning> warnings(Verdict.Builds edited) {
    return edited.differences().stream()
        .limit(MAX_WARNINGS)
        .map(
            one -> new Warning(one.line(), one.code(), RewriteStep.cut(one.message(), MAX_MESSAGE)))
        .toList();
  }

  /** Sources from before there were lists have none: then a file may be any in the context. */
  private ContextFiles files(RunInput input) throws RejectedException, UnavailableException {
    Optional<byte[]> list = store.read(ObjectKeys.sourceFiles(input.sourceKey()), MAX_LIST);
    if (list.isEmpty()) {
      return ContextFiles.unknown(input.sourceKey());
    }
    String folder = input.context().equals(".") ? "" : input.context() + "/";
    try {
      return ContextFiles.of(
          ContextListing.read(new ByteArrayInputStream(list.get())).stream()
              .filter(file -> file.path().startsWith(folder))
              .map(
                  file ->
                      new ContextFile(
                          file.mode(),
                          file.objectId(),
                          file.path().substring(folder.length()),
                          file.target()))
              .toList());
    } catch (IOException broken) {
      return ContextFiles.unknown(input.sourceKey());
    }
  }
}

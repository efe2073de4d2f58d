package io.tarkiln.dockerfile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tarkiln.dockerfile.syntax.InstructionParser;
import io.tarkiln.dockerfile.syntax.ParseError;
import io.tarkiln.dockerfile.syntax.ParseException;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes base images come from proxies by editing their names, and nothing else. Rewriting the
 * result again changes nothing.
 */
public final class DockerfileRewriter {
  /** Largest Dockerfile that is read, in bytes. */
  public static final int MAX_SIZE = 1 << 20;

  private final ProxyMap proxies;
  private final Map<String, String> platform;

  /** A rewriter that knows platform variables only where the build is given them. */
  public DockerfileRewriter(ProxyMap proxies) {
    this.proxies = proxies;
    this.platform = Map.of();
  }

  /** A rewriter for builds on one platform, which the variables in names stand for. */
  public DockerfileRewriter(ProxyMap proxies, Platform platform) {
    this.proxies = proxies;
    this.platform = platform.variables();
  }

  /**
   * Rewrites a file. One that is no Dockerfile comes back as it is, with the error.
   *
   * @param buildArgs values of ARGs that go before their defaults
   */
  public RewriteResult rewrite(byte[] dockerfile, Map<String, String> buildArgs) {
    if (dockerfile.length > MAX_SIZE) {
      return unchanged(
          dockerfile, new ParseError(1, "the Dockerfile is larger than " + MAX_SIZE + " bytes"));
    }
    try {
      InstructionParser file = InstructionParser.read(dockerfile);
      List<ImageRewriter.Decision> decisions =
          ImageRewriter.decide(file, proxies, buildArgs, platform);
      return new RewriteResult(
          spliced(dockerfile, decisions),
          decisions.stream().map(ImageRewriter.Decision::image).toList(),
          Optional.empty());
    } catch (ParseException refused) {
      return unchanged(dockerfile, refused.error());
    }
  }

  private static RewriteResult unchanged(byte[] dockerfile, ParseError error) {
    return new RewriteResult(dockerfile, List.of(), Optional.of(error));
  }

  private static byte[] spliced(byte[] file, List<ImageRewriter.Decision> decisions) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(file.length + 1024);
    int copied = 0;
    for (ImageRewriter.Decision decision : decisions) {
      if (decision.image().why() == RewriteReason.REWRITTEN) {
        out.write(file, copied, decision.range().start() - copied);
        out.writeBytes(decision.replacement().getBytes(ISO_8859_1));
        copied = decision.range().end();
      }
    }
    out.write(file, copied, file.length - copied);
    return out.toByteArray();
  }
}

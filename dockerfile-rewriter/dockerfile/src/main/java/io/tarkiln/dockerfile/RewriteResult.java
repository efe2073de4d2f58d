package io.tarkiln.dockerfile;

import io.tarkiln.dockerfile.syntax.ParseError;
import java.util.List;
import java.util.Optional;

/**
 * What became of a Dockerfile.
 *
 * @param dockerfile the new bytes; those given where nothing had to change or there is an error
 * @param baseImages every operand that could name an image, in the order of the file
 * @param error why the file could not be read as a Dockerfile
 */
public record RewriteResult(
    byte[] dockerfile, List<ImageOperand> baseImages, Optional<ParseError> error) {
  public RewriteResult {
    baseImages = List.copyOf(baseImages);
  }

  /** Whether any byte changed. */
  public boolean changed() {
    return baseImages.stream().anyMatch(image -> image.why() == RewriteReason.REWRITTEN);
  }
}

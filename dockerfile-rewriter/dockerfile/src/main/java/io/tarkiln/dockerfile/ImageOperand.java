package io.tarkiln.dockerfile;

/**
 * An operand that could name an image, and what became of it.
 *
 * @param line first line of its instruction, from 1
 * @param instruction {@code FROM}, {@code COPY --from} or {@code RUN --mount}
 * @param before as it stands in the file, without quotes
 * @param after the same as before where it was left
 * @param detail the variable without a value, or the registry without a proxy; else empty
 */
public record ImageOperand(
    int line, String instruction, String before, String after, RewriteReason why, String detail) {}

package io.tarkiln.imagetar;

/**
 * A part of an image, content-addressed.
 *
 * @param digest {@code sha256:} and 64 hexadecimal digits, of the bytes as they are in the tar
 * @param size in bytes
 * @param offset of its first byte in the tar
 */
public record Blob(String digest, long size, long offset) {}

package io.tarkiln.imagetar;

/**
 * A file in a tar.
 *
 * @param offset of its first byte in the tar
 * @param size in bytes
 */
record Member(String name, long offset, long size) {}

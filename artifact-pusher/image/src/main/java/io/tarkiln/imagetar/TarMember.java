package io.tarkiln.imagetar;

/**
 * A file in a tar.
 *
 * @param offset of its first byte in the tar
 * @param size in bytes
 * @param compression of its bytes, whatever its name says
 */
record TarMember(String name, long offset, long size, Compression compression) {}

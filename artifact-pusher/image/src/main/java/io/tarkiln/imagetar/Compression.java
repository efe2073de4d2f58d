package io.tarkiln.imagetar;

/**
 * How a layer is compressed, by what its bytes are: Kaniko names every layer {@code .tar.gz}, also
 * those of a base image that are zstd or plain tars, which it copies as they are.
 */
public enum Compression {
  GZIP,
  ZSTD,
  NONE;

  /** This many bytes tell. */
  static final int MAGIC = 4;

  /**
   * Tells it from a layer's first bytes.
   *
   * @param start at least {@link #MAGIC} bytes, unless the layer has fewer
   */
  static Compression of(byte[] start) {
    if (start.length >= 2 && at(start, 0) == 0x1f && at(start, 1) == 0x8b) {
      return GZIP; // RFC 1952, section 2.3.1
    }
    if (start.length >= MAGIC && isZstd(start)) {
      return ZSTD;
    }
    return NONE;
  }

  /** A frame, or one to skip that some compressors begin with (RFC 8878, sections 3.1.1, 3.1.2). */
  private static boolean isZstd(byte[] start) {
    int magic = at(start, 0) | at(start, 1) << 8 | at(start, 2) << 16 | at(start, 3) << 24;
    return magic == 0xfd2fb528 || (magic & 0xfffffff0) == 0x184d2a50;
  }

  private static int at(byte[] bytes, int index) {
    return bytes[index] & 0xff;
  }
}

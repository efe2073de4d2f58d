package io.tarkiln.image;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 digests, in hexadecimal digits and as registries write them. */
public final class Digests {
  private Digests() {}

  /** A digest to be fed. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  /** {@code sha256:} and the digest of the bytes. */
  public static String of(byte[] bytes) {
    return text(sha256().digest(bytes));
  }

  /** {@code sha256:} and these bytes of a digest. */
  public static String text(byte[] digest) {
    return "sha256:" + HexFormat.of().formatHex(digest);
  }

  /** The digest of the bytes: 64 hexadecimal digits. */
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  /** The digest of all that this one was fed, which begins anew: 64 hexadecimal digits. */
  public static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** A digest that has seen the same bytes and goes on by itself. */
  public static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException impossible) {
      throw new IllegalStateException("every Java can copy SHA-256", impossible);
    }
  }
}

package io.tarkiln.testkit;

import java.util.Random;

/** Bytes that no compression makes fewer. */
public final class Noise {
  private Noise() {}

  /** So many; the seed says which. */
  public static byte[] bytes(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}

package io.tarkiln.samples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** Writes tars block by block, also such as no honest program writes. */
public final class TarBytes {
  private static final int BLOCK = 512;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A regular file. */
  public TarBytes file(String name, byte[] content) {
    return member('0', name, content.length, content);
  }

  public TarBytes file(String name, String content) {
    return file(name, content.getBytes(UTF_8));
  }

  /** Any member; its header may claim another size than its content has. */
  public TarBytes member(char type, String name, long claimedSize, byte[] content) {
    out.writeBytes(header(type, name, claimedSize));
    return raw(content);
  }

  /** An extended header with these records. */
  public TarBytes pax(String... records) {
    StringBuilder text = new StringBuilder();
    for (String record : records) {
      int length = record.length() + 3;
      length += Integer.toString(length).length() > 1 ? 1 : 0;
      length += length > 99 ? 1 : 0;
      text.append(length).append(' ').append(record).append('\n');
    }
    return rawPax(text.toString());
  }

  public TarBytes rawPax(String content) {
    return member('x', "PaxHeaders/next", content.length(), content.getBytes(UTF_8));
  }

  /** Content, filled up to whole blocks. */
  public TarBytes raw(byte[] content) {
    out.writeBytes(content);
    out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    return this;
  }

  /** The tar so far, without an end mark. */
  public byte[] cutOff() {
    return out.toByteArray();
  }

  /** The tar with its end mark. */
  public byte[] end() {
    out.writeBytes(new byte[2 * BLOCK]);
    return out.toByteArray();
  }

  /** A POSIX.1-1988 header with a right checksum. */
  public static byte[] header(char type, String name, long size) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, "0000644\0" + "0000000\0" + "0000000\0");
    put(header, 124, "%011o\0".formatted(size));
    put(header, 136, "00000000000\0");
    put(header, 148, "        ");
    header[156] = (byte) type;
    put(header, 257, "ustar\00000");
    return sealed(header);
  }

  /** The header with its checksum made right. */
  public static byte[] sealed(byte[] header) {
    put(header, 148, "        ");
    int sum = 0;
    for (byte each : header) {
      sum += each & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}

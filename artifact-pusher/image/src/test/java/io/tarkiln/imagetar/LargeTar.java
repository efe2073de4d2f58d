package io.tarkiln.imagetar;

import io.tarkiln.event.json.Json;
import io.tarkiln.image.Digests;
import io.tarkiln.samples.KanikoTar;
import io.tarkiln.samples.TarBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/** A tar with one large layer that is nowhere: its bytes are made as they are read. */
public final class LargeTar implements TarSource {
  private static final int PIECE = 1 << 16;

  private final long layerSize;
  private final String layerDigest;
  private final byte[] head;
  private final byte[] tail;
  private final LongConsumer reading;

  /**
   * A tar whose layer has this size.
   *
   * @param layerSize in bytes, of whole blocks
   * @param reading hears at which byte of the tar the reader is, at every piece of the layer
   */
  public LargeTar(long layerSize, LongConsumer reading) {
    this.layerSize = layerSize;
    this.layerDigest = digest(layerSize);
    this.reading = reading;
    byte[] config =
        Json.bytes(
            Map.of("rootfs", Map.of("type", "layers", "diff_ids", List.of("sha256:unpacked"))));
    String name = KanikoTar.fileName(layerDigest);
    this.head =
        new TarBytes()
            .file(Digests.of(config), config)
            .raw(TarBytes.header('0', name, layerSize))
            .cutOff();
    this.tail =
        new TarBytes()
            .file(
                "manifest.json",
                "[{\"Config\":\"%s\",\"Layers\":[\"%s\"]}]".formatted(Digests.of(config), name))
            .end();
  }

  public String layerDigest() {
    return layerDigest;
  }

  @Override
  public End head(int length) {
    return end(0, length);
  }

  @Override
  public End tail(int length) {
    return end(size() - length, length);
  }

  private End end(long offset, int length) {
    try (InputStream in = open(offset, length)) {
      return new End(in.readNBytes(length), size());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private long size() {
    return head.length + layerSize + tail.length;
  }

  @Override
  public InputStream open(long offset, long length) {
    return new BoundedStream(new Made(offset), length);
  }

  private final class Made extends InputStream {
    private long at;

    Made(long at) {
      this.at = at;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      long inLayer = at - head.length;
      int count;
      if (inLayer < 0) {
        count = copy(head, (int) at, bytes, offset, length);
      } else if (inLayer >= layerSize) {
        count = copy(tail, (int) (inLayer - layerSize), bytes, offset, length);
      } else {
        reading.accept(at);
        count = (int) Math.min(length, Math.min(PIECE - inLayer % PIECE, layerSize - inLayer));
        Arrays.fill(bytes, offset, offset + count, content(inLayer));
      }
      at += Math.max(count, 0);
      return count;
    }
  }

  private static int copy(byte[] from, int at, byte[] to, int offset, int length) {
    int count = Math.min(length, from.length - at);
    System.arraycopy(from, at, to, offset, count);
    return count > 0 ? count : -1;
  }

  private static byte content(long inLayer) {
    return (byte) (inLayer / PIECE * 31);
  }

  private static String digest(long size) {
    MessageDigest digest = Digests.sha256();
    byte[] piece = new byte[PIECE];
    for (long at = 0; at < size; at += PIECE) {
      Arrays.fill(piece, content(at));
      digest.update(piece, 0, (int) Math.min(PIECE, size - at));
    }
    return Digests.text(digest.digest());
  }
}

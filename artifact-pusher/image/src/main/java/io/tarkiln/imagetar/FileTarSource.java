package io.tarkiln.imagetar;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tar in a file. */
public record FileTarSource(Path file) implements TarSource {
  @Override
  public End head(int length) throws RejectedException, UnavailableException {
    long size = size();
    return end(0, (int) Math.min(length, size), size);
  }

  @Override
  public End tail(int length) throws RejectedException, UnavailableException {
    long size = size();
    int there = (int) Math.min(length, size);
    return end(size - there, there, size);
  }

  private long size() throws RejectedException, UnavailableException {
    if (!Files.isRegularFile(file)) {
      throw new RejectedException(Reason.BAD_IMAGE_TAR, "no image tar at " + file);
    }
    try {
      return Files.size(file);
    } catch (IOException unreadable) {
      throw new UnavailableException("cannot read " + file, unreadable);
    }
  }

  private End end(long offset, int length, long size) throws UnavailableException {
    try (InputStream in = open(offset, length)) {
      return new End(in.readNBytes(length), size);
    } catch (IOException unreadable) {
      throw new UnavailableException("cannot read " + file, unreadable);
    }
  }

  @Override
  public InputStream open(long offset, long length) throws UnavailableException {
    try {
      FileChannel channel = FileChannel.open(file);
      return new BoundedStream(Channels.newInputStream(channel.position(offset)), length);
    } catch (IOException unreadable) {
      throw new UnavailableException("cannot read " + file, unreadable);
    }
  }
}

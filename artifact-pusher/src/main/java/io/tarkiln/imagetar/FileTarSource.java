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
  public Head head(int length) throws RejectedException, UnavailableException {
    if (!Files.isRegularFile(file)) {
      throw new RejectedException(Reason.BAD_IMAGE_TAR, "no image tar at " + file);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new Head(in.readNBytes(length), Files.size(file));
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

package io.tarkiln.push;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.imagetar.Blob;
import io.tarkiln.imagetar.TarSource;
import io.tarkiln.registry.BlobChecker;
import io.tarkiln.registry.BlobContent;
import io.tarkiln.registry.BlobMounter;
import io.tarkiln.registry.BlobUploader;
import io.tarkiln.registry.Mount;
import io.tarkiln.registry.RegistryConnection;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Brings a blob into a repository in the cheapest way: it is there, is mounted, or is sent.
 *
 * @param uploads one permit for each blob that may be sent at the same time; asking is not limited
 */
record BlobPush(
    RegistryConnection registry,
    TarSource tar,
    MountSources sources,
    PushCount count,
    Semaphore uploads) {
  void push(Blob blob) throws RejectedException, UnavailableException {
    count.blob(blob.digest(), blob.size(), fate(blob));
  }

  private Progress.Fate fate(Blob blob) throws RejectedException, UnavailableException {
    if (new BlobChecker(registry).has(blob.digest())) {
      return Progress.Fate.SKIPPED;
    }
    BlobUploader uploader = new BlobUploader(registry, count::bytes);
    Optional<URI> session = Optional.empty();
    for (String from : sources.likeliestFirst()) {
      Mount mount = new BlobMounter(registry).mount(blob.digest(), from);
      if (mount instanceof Mount.Done) {
        sources.had(from);
        session.ifPresent(uploader::cancel);
        return Progress.Fate.MOUNTED;
      } else if (mount instanceof Mount.Session begun) {
        session.ifPresent(uploader::cancel);
        session = Optional.of(begun.uri());
      } else {
        sources.refused(from);
      }
    }
    send(blob, uploader, session);
    return Progress.Fate.SENT;
  }

  private void send(Blob blob, BlobUploader uploader, Optional<URI> session)
      throws RejectedException, UnavailableException {
    try {
      uploads.acquire();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", interrupted);
    }
    try {
      count.sending(blob.size());
      uploader.upload(new InTar(tar, blob), session);
    } finally {
      uploads.release();
    }
  }

  private record InTar(TarSource tar, Blob blob) implements BlobContent {
    @Override
    public String digest() {
      return blob.digest();
    }

    @Override
    public long size() {
      return blob.size();
    }

    @Override
    public InputStream open(long offset, long length) throws UnavailableException {
      return tar.open(blob.offset() + offset, length);
    }
  }
}

package io.tarkiln.imagepush;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.imagetar.Blob;
import io.tarkiln.imagetar.TarSource;
import io.tarkiln.registry.BlobUploader;
import io.tarkiln.registry.blob.BlobContent;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;

/**
 * Brings a blob into a repository in the cheapest way: it is there, is mounted, or is sent.
 *
 * @param uploads one permit for each blob that may be sent at the same time; asking is not limited
 */
record BlobPush(
    TarSource tar, BlobPlan plan, BlobUploader uploader, PushStatistics count, Semaphore uploads) {
  void push(Blob blob) throws RejectedException, UnavailableException {
    BlobPlan.Decision decision = plan.decide(blob.digest());
    if (decision.result() == PushProgress.BlobResult.SENT) {
      send(blob, decision);
    }
    count.blob(blob.digest(), blob.size(), decision.result());
  }

  private void send(Blob blob, BlobPlan.Decision decision)
      throws RejectedException, UnavailableException {
    try {
      uploads.acquire();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", interrupted);
    }
    try {
      count.sending(blob.size());
      RegistryOutcomes.of(() -> uploader.upload(new InTar(tar, blob), decision.session()));
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
    public InputStream open(long offset, long length) throws IOException {
      try {
        return tar.open(blob.offset() + offset, length);
      } catch (UnavailableException failed) {
        throw new IOException(failed.getMessage(), failed);
      }
    }
  }
}

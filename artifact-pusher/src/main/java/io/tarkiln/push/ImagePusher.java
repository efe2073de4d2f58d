package io.tarkiln.push;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.imagetar.Blob;
import io.tarkiln.imagetar.ImageTar;
import io.tarkiln.imagetar.Manifest;
import io.tarkiln.imagetar.TarSource;
import io.tarkiln.registry.ImageReference;
import io.tarkiln.registry.Manifests;
import io.tarkiln.registry.RegistryClient;
import io.tarkiln.registry.RegistryConnection;
import io.tarkiln.registry.RegistrySettings;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Pushes image tars, sending only what the registry lacks; may be repeated at any point. One serves
 * any number of pushes at once.
 */
public final class ImagePusher implements AutoCloseable {
  /** Of one image: to ask about a blob costs next to nothing but the time to wait. */
  private static final int BLOBS_AT_ONCE = 16;

  private static final int UPLOADS_AT_ONCE = 4;

  private final RegistryClient client;
  private final Manifest.Format format;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "push-blob");
            thread.setDaemon(true);
            return thread;
          });

  /** Pushes Docker's manifests. */
  public ImagePusher(RegistrySettings settings) {
    this(settings, Manifest.Format.DOCKER);
  }

  public ImagePusher(RegistrySettings settings, Manifest.Format format) {
    this.client = new RegistryClient(settings);
    this.format = format;
  }

  /**
   * Pushes blobs and the manifest by its digest; no tag is set.
   *
   * @param mountFrom repositories of the same registry that may have blobs already
   */
  public PushedImage push(
      TarSource tar, ImageReference image, List<String> mountFrom, Progress progress)
      throws RejectedException, UnavailableException {
    ImageTar read = ImageTar.read(tar);
    Manifest manifest = Manifest.of(read, format);
    RegistryConnection registry = client.connect(image, mountFrom);
    PushCount count = new PushCount(progress);
    Manifests manifests = new Manifests(registry);
    List<Blob> blobs = read.blobs();
    // Also settles the login before requests go out in parallel.
    if (manifests.has(manifest.digest())) {
      blobs.forEach(blob -> count.blob(blob.digest(), blob.size(), Progress.Fate.SKIPPED));
    } else {
      BlobPush push =
          new BlobPush(
              registry, tar, new MountSources(mountFrom), count, new Semaphore(UPLOADS_AT_ONCE));
      new BlobWorkers(threads, BLOBS_AT_ONCE).forEach(blobs, push::push);
      manifests.put(
          manifest.digest(), new Manifests.Stored(manifest.bytes(), manifest.mediaType()));
    }
    return count.pushed(image.name(), manifest.digest(), manifest.mediaType());
  }

  /** Lets the image's tag name a manifest that is in its repository. */
  public void tag(ImageReference image, String digest)
      throws RejectedException, UnavailableException {
    tag(image, manifest(image, digest));
  }

  /**
   * Lets the image's tag name this manifest, whose blobs are in its repository. A tag that may not
   * change and names it already is fine.
   */
  public void tag(ImageReference image, Manifests.Stored manifest)
      throws RejectedException, UnavailableException {
    Manifests manifests = manifests(image);
    try {
      manifests.put(image.tag(), manifest);
    } catch (RejectedException refused) {
      if (refused.reason() != Reason.TAG_IMMUTABLE || !names(manifests, image.tag(), manifest)) {
        throw refused;
      }
    }
  }

  private static boolean names(Manifests manifests, String tag, Manifests.Stored manifest)
      throws RejectedException, UnavailableException {
    Optional<Manifests.Stored> standing = manifests.get(tag);
    return standing.isPresent() && standing.get().digest().equals(manifest.digest());
  }

  /** A manifest that was pushed before. */
  public Manifests.Stored manifest(ImageReference image, String digest)
      throws RejectedException, UnavailableException {
    return manifests(image)
        .get(digest)
        .orElseThrow(
            () ->
                new UnavailableException(
                    "%s has no manifest %s any more".formatted(image.name(), digest)));
  }

  /** The manifests of an image's repository. */
  public Manifests manifests(ImageReference image) {
    return new Manifests(connect(image));
  }

  /**
   * Takes the image's tag away.
   *
   * @return whether it is gone
   */
  boolean untag(ImageReference image) throws UnavailableException {
    return new Manifests(client.connectToDelete(image)).deleteTag(image.tag());
  }

  /** Requests about an image's repository. */
  RegistryConnection connect(ImageReference image) {
    return client.connect(image, List.of());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}

package io.tarkiln.imagepush;

import io.tarkiln.build.FutureResults;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.image.ImageReference;
import io.tarkiln.imagetar.ImageTar;
import io.tarkiln.imagetar.Manifest;
import io.tarkiln.imagetar.TarSource;
import io.tarkiln.registry.BlobUploader;
import io.tarkiln.registry.Manifests;
import io.tarkiln.registry.RegistryClient;
import io.tarkiln.registry.RegistryConnection;
import io.tarkiln.registry.RegistrySettings;
import io.tarkiln.registry.error.Refusal;
import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.registry.error.RegistryRefusedException;
import io.tarkiln.thread.DaemonThreads;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
      Executors.newCachedThreadPool(DaemonThreads.named("push-blob"));

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
  public PushResult push(
      TarSource tar, ImageReference image, List<String> mountFrom, PushProgress progress)
      throws RejectedException, UnavailableException {
    return pushed(tar, image, mountFrom, progress).image();
  }

  /** The same, and then the image's tag. */
  public PushResult pushTagged(
      TarSource tar, ImageReference image, List<String> mountFrom, PushProgress progress)
      throws RejectedException, UnavailableException {
    Pushed pushed = pushed(tar, image, mountFrom, progress);
    tag(image, pushed.manifest());
    return pushed.image();
  }

  private record Pushed(PushResult image, Manifests.Stored manifest) {}

  private Pushed pushed(
      TarSource tar, ImageReference image, List<String> mountFrom, PushProgress progress)
      throws RejectedException, UnavailableException {
    RegistryConnection registry = client.connect(image, mountFrom);
    PushStatistics count = new PushStatistics(progress);
    BlobUploader uploader = new BlobUploader(registry, count::bytes);
    MountSources sources = new MountSources(mountFrom);
    Future<?> login = threads.submit(registry::logIn);
    ImageTar read = ImageTar.read(tar, threads);
    FutureResults.of(login);
    BlobPlan plan = new BlobPlan(registry, sources, uploader, threads);
    BlobPush push = new BlobPush(tar, plan, uploader, count, new Semaphore(UPLOADS_AT_ONCE));
    new BlobExecutor(threads, BLOBS_AT_ONCE).forEach(read.blobs(), push::push);
    Manifest manifest = Manifest.of(read, format);
    Manifests.Stored stored = new Manifests.Stored(manifest.bytes(), manifest.mediaType());
    Manifests manifests = new Manifests(registry);
    RegistryOutcomes.of(
        () -> {
          if (!count.isAllThere() || !manifests.has(manifest.digest())) {
            manifests.put(manifest.digest(), stored);
          }
        });
    return new Pushed(count.pushed(image.name(), manifest.digest(), manifest.mediaType()), stored);
  }

  /**
   * Lets the image's tag name this manifest, whose blobs are in its repository. A tag that may not
   * change and names it already is fine.
   */
  public void tag(ImageReference image, Manifests.Stored manifest)
      throws RejectedException, UnavailableException {
    Manifests manifests = new Manifests(connect(image));
    RegistryOutcomes.of(
        () -> {
          try {
            manifests.put(image.tag(), manifest);
          } catch (RegistryRefusedException refused) {
            boolean isImmutable = refused.refusal() == Refusal.TAG_IMMUTABLE;
            if (!isImmutable || !names(manifests, image.tag(), manifest)) {
              throw refused;
            }
          }
        });
  }

  private static boolean names(Manifests manifests, String tag, Manifests.Stored manifest)
      throws RegistryException {
    Optional<Manifests.Stored> standing = manifests.get(tag);
    return standing.isPresent() && standing.get().digest().equals(manifest.digest());
  }

  /** The manifest in the image's repository that a tag or digest names, if there is one. */
  public Optional<Manifests.Stored> manifest(ImageReference image, String reference)
      throws RejectedException, UnavailableException {
    return RegistryOutcomes.of(() -> new Manifests(connect(image)).get(reference));
  }

  /** The digest of the manifest that the image's tag names, if there is one. */
  public Optional<String> digest(ImageReference image)
      throws RejectedException, UnavailableException {
    return RegistryOutcomes.of(() -> new Manifests(connect(image)).digest(image.tag()));
  }

  /**
   * Takes the image's tag away.
   *
   * @return whether it is gone
   */
  public boolean untag(ImageReference image) throws RejectedException, UnavailableException {
    return RegistryOutcomes.of(
        () -> new Manifests(client.connectToDelete(image)).deleteTag(image.tag()));
  }

  /** Requests about an image's repository. */
  public RegistryConnection connect(ImageReference image) {
    return client.connect(image, List.of());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}

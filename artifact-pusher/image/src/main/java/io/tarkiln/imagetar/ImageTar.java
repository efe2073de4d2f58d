package io.tarkiln.imagetar;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.image.Digests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * An image in a tar.
 *
 * @param config the image's configuration, whose bytes were checked against its digest
 * @param layers from the base up; one may come twice
 */
public record ImageTar(Blob config, List<Layer> layers) {
  private static final int MAX_DOCUMENT = 8 << 20;

  public ImageTar {
    layers = List.copyOf(layers);
  }

  /** All blobs, each once. */
  public List<Blob> blobs() {
    return Stream.concat(Stream.of(config), layers.stream().map(Layer::blob)).distinct().toList();
  }

  /**
   * Reads a tar's headers and small documents.
   *
   * @throws RejectedException when it is not a tar of one image with layers named by their digests
   */
  public static ImageTar read(TarSource source) throws RejectedException, UnavailableException {
    return read(source, Runnable::run);
  }

  /**
   * The same, for those in a hurry.
   *
   * @param threads reads with them what can be read at the same time
   */
  public static ImageTar read(TarSource source, Executor threads)
      throws RejectedException, UnavailableException {
    TarWindow window = TarWindow.of(source, threads);
    Map<String, TarMember> members = TarIndex.of(window);
    Optional<String> other = OtherArchive.byMembers(members.keySet());
    if (!members.containsKey(TarManifest.NAME) && other.isPresent()) {
      throw TarIndex.bad(other.get());
    }
    TarManifest manifest = TarManifest.parse(document(window, members, TarManifest.NAME));
    List<Layer> layers = new ArrayList<>();
    for (String name : manifest.layers()) {
      String digest = TarManifest.layerDigest(name);
      TarMember member = member(members, name);
      layers.add(new Layer(blob(member, digest), member.compression()));
    }
    return new ImageTar(config(window, members, manifest), layers);
  }

  private static Blob config(TarWindow window, Map<String, TarMember> members, TarManifest manifest)
      throws RejectedException, UnavailableException {
    String digest = manifest.configDigest();
    byte[] bytes = document(window, members, manifest.config());
    if (!Digests.of(bytes).equals(digest)) {
      throw TarIndex.bad("the configuration does not have the digest that names it");
    }
    int layers = TarManifest.json(bytes).path("rootfs").path("diff_ids").size();
    if (layers != manifest.layers().size()) {
      throw TarIndex.bad("its configuration and manifest.json name different numbers of layers");
    }
    return blob(member(members, manifest.config()), digest);
  }

  private static Blob blob(TarMember member, String digest) {
    return new Blob(digest, member.size(), member.offset());
  }

  private static TarMember member(Map<String, TarMember> members, String name)
      throws RejectedException {
    TarMember member = members.get(name);
    if (member == null) {
      throw TarIndex.bad("there is no '%s' in it".formatted(TarIndex.shown(name)));
    }
    return member;
  }

  private static byte[] document(TarWindow window, Map<String, TarMember> members, String name)
      throws RejectedException, UnavailableException {
    TarMember member = member(members, name);
    if (member.size() > MAX_DOCUMENT) {
      throw TarIndex.bad(
          "'%s' is larger than %d bytes".formatted(TarIndex.shown(name), MAX_DOCUMENT));
    }
    return window.read(member.offset(), (int) member.size());
  }
}

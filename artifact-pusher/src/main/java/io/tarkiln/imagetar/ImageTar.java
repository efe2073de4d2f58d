package io.tarkiln.imagetar;

import com.fasterxml.jackson.databind.JsonNode;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.Json;
import io.tarkiln.registry.Digests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An image in a tar.
 *
 * @param config the image's configuration, whose bytes were checked against its digest
 * @param layers from the base up; one may come twice
 */
public record ImageTar(Blob config, List<Blob> layers) {
  private static final Pattern CONFIG = Pattern.compile("sha256:([0-9a-f]{64})");
  private static final Pattern LAYER =
      Pattern.compile("(?:sha256:)?([0-9a-f]{64})(?:\\.tar\\.gz)?");
  private static final int LARGEST_DOCUMENT = 8 << 20;
  private static final int MOST_LAYERS = 1000;

  public ImageTar {
    layers = List.copyOf(layers);
  }

  /** All blobs, each once. */
  public List<Blob> blobs() {
    return Stream.concat(Stream.of(config), layers.stream()).distinct().toList();
  }

  /**
   * Reads a tar's headers and small documents.
   *
   * @throws RejectedException when it is not a tar of one image with layers named by their digests
   */
  public static ImageTar read(TarSource source) throws RejectedException, UnavailableException {
    TarWindow window = new TarWindow(source);
    Map<String, Member> members = TarIndex.of(window);
    JsonNode manifests = json(document(window, members, "manifest.json"));
    if (!manifests.isArray() || manifests.size() != 1) {
      throw TarIndex.bad("manifest.json must name exactly one image");
    }
    JsonNode manifest = manifests.get(0);
    JsonNode layers = manifest.path("Layers");
    if (!manifest.path("Config").isTextual() || (!layers.isArray() && !layers.isNull())) {
      throw TarIndex.bad("manifest.json names no Config and Layers");
    }
    if (!manifest.path("LayerSources").isEmpty()) {
      throw TarIndex.bad("it has layers that lie elsewhere");
    }
    if (layers.size() > MOST_LAYERS) {
      throw TarIndex.bad("the image has more than %d layers".formatted(MOST_LAYERS));
    }
    List<Blob> blobs = new ArrayList<>();
    for (JsonNode layer : layers) {
      blobs.add(blob(members, layer.asText(), LAYER));
    }
    return new ImageTar(
        config(window, members, manifest.get("Config").asText(), blobs.size()), blobs);
  }

  private static Blob config(TarWindow window, Map<String, Member> members, String name, int layers)
      throws RejectedException, UnavailableException {
    Blob config = blob(members, name, CONFIG);
    byte[] bytes = document(window, members, name);
    if (!Digests.of(bytes).equals(config.digest())) {
      throw TarIndex.bad("the configuration does not have the digest that names it");
    }
    if (json(bytes).path("rootfs").path("diff_ids").size() != layers) {
      throw TarIndex.bad("its configuration and manifest.json name different numbers of layers");
    }
    return config;
  }

  private static Blob blob(Map<String, Member> members, String name, Pattern form)
      throws RejectedException {
    Matcher digest = form.matcher(name);
    if (!digest.matches()) {
      throw TarIndex.bad("'%s' is not named by its digest".formatted(TarIndex.shown(name)));
    }
    Member member = member(members, name);
    return new Blob("sha256:" + digest.group(1), member.size(), member.offset());
  }

  private static Member member(Map<String, Member> members, String name) throws RejectedException {
    Member member = members.get(name);
    if (member == null) {
      throw TarIndex.bad("there is no '%s' in it".formatted(TarIndex.shown(name)));
    }
    return member;
  }

  private static byte[] document(TarWindow window, Map<String, Member> members, String name)
      throws RejectedException, UnavailableException {
    Member member = member(members, name);
    if (member.size() > LARGEST_DOCUMENT) {
      throw TarIndex.bad(
          "'%s' is larger than %d bytes".formatted(TarIndex.shown(name), LARGEST_DOCUMENT));
    }
    return window.read(member.offset(), (int) member.size());
  }

  private static JsonNode json(byte[] bytes) throws RejectedException {
    try {
      JsonNode document = Json.mapper().readTree(bytes);
      if (document.isContainerNode()) {
        return document;
      }
    } catch (IOException broken) {
      throw TarIndex.bad("a document in it is not JSON");
    }
    throw TarIndex.bad("a document in it is neither a JSON object nor an array");
  }
}

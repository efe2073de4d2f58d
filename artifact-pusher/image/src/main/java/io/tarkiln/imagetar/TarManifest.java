package io.tarkiln.imagetar;

import com.fasterxml.jackson.databind.JsonNode;
import io.tarkiln.build.RejectedException;
import io.tarkiln.event.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code manifest.json} says.
 *
 * @param config name of the member with the configuration
 * @param layers names of the layers' members, from the base up
 */
record TarManifest(String config, List<String> layers) {
  static final String NAME = "manifest.json";

  private static final Pattern CONFIG = Pattern.compile("sha256:([0-9a-f]{64})");
  private static final Pattern LAYER =
      Pattern.compile("(?:sha256:)?([0-9a-f]{64})(?:\\.tar\\.gz)?");
  private static final int MAX_LAYERS = 1000;

  TarManifest {
    layers = List.copyOf(layers);
  }

  static TarManifest parse(byte[] bytes) throws RejectedException {
    JsonNode manifests = json(bytes);
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
    if (layers.size() > MAX_LAYERS) {
      throw TarIndex.bad("the image has more than %d layers".formatted(MAX_LAYERS));
    }
    List<String> names = new ArrayList<>();
    layers.forEach(layer -> names.add(layer.asText()));
    return new TarManifest(manifest.get("Config").asText(), names);
  }

  String configDigest() throws RejectedException {
    return digest(config, CONFIG);
  }

  static String layerDigest(String name) throws RejectedException {
    return digest(name, LAYER);
  }

  private static String digest(String name, Pattern form) throws RejectedException {
    Matcher digest = form.matcher(name);
    if (!digest.matches()) {
      throw TarIndex.bad(
          OtherArchive.byBlobName(name)
              .orElse("'%s' is not named by its digest".formatted(TarIndex.shown(name))));
    }
    return "sha256:" + digest.group(1);
  }

  static JsonNode json(byte[] bytes) throws RejectedException {
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

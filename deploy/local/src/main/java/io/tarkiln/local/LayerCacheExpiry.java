package io.tarkiln.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.embedded.RegistryServer.Program;
import io.tarkiln.image.RepositoryNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes RUN layers from the embedded registry that are so old that Kaniko does not use them any
 * more (its {@code --cache-ttl}, two weeks). Released images are the user's and stay.
 *
 * <p>Works on the registry's files while it does not run: its API tells no age, and its garbage
 * collector must not run beside it (distribution's documentation of garbage collection).
 */
record LayerCacheExpiry(Program program, Path folder) {
  private static final Logger LOG = LoggerFactory.getLogger(LayerCacheExpiry.class);
  static final Duration KEEP = Duration.ofDays(14);

  /** Deletes what is due and returns how many layers that were. */
  int expire(Instant now) throws IOException {
    Path caches =
        folder.resolve("data/docker/registry/v2/repositories").resolve(RepositoryNames.CACHES);
    if (!Files.isDirectory(caches)) {
      return 0;
    }
    int deleted = 0;
    for (Path manifests : manifests(caches)) {
      for (Path tag : children(manifests.resolve("tags"))) {
        Path link = tag.resolve("current/link");
        if (Files.exists(link)
            && Files.getLastModifiedTime(link).toInstant().isBefore(now.minus(KEEP))) {
          String[] digest = Files.readString(link, UTF_8).strip().split(":", 2);
          delete(tag);
          delete(manifests.resolve("revisions").resolve(digest[0]).resolve(digest[1]));
          deleted++;
        }
      }
    }
    if (deleted > 0) {
      RegistryServer.collectGarbage(program, folder);
      LOG.info("old layers deleted count={} keptFor={}", deleted, KEEP);
    }
    return deleted;
  }

  /** Those of all repositories, whose names have one part or two. */
  private static List<Path> manifests(Path caches) throws IOException {
    try (Stream<Path> below = Files.find(caches, 3, (path, its) -> path.endsWith("_manifests"))) {
      return below.toList();
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.toList();
    }
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> below = Files.walk(path)) {
      for (Path each : below.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}

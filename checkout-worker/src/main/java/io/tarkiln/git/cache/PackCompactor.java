package io.tarkiln.git.cache;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.internal.storage.file.Pack;
import org.eclipse.jgit.internal.storage.file.PackIndex;
import org.eclipse.jgit.internal.storage.pack.PackExt;
import org.eclipse.jgit.internal.storage.pack.PackWriter;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.pack.PackConfig;

/**
 * Keeps the packs of a repository few, as each fetch adds one and each look for an object goes
 * through all. As {@code git repack --geometric} does, it joins the small ones and leaves those
 * alone that are larger than all smaller ones together, so that the work stays in proportion to
 * what was fetched since. Which objects there are does not matter, nor which are missing.
 *
 * <p>The new pack is in place before an old one goes, so others may read meanwhile, and a process
 * that dies leaves objects twice at worst.
 */
record PackCompactor(Repository repository) {
  /** Joins packs when there are more than so many. Nobody may fetch meanwhile. */
  void tidy(int most) throws IOException {
    if (repository.getObjectDatabase() instanceof ObjectDirectory objects
        && objects.getPacks().size() > most) {
      List<Pack> small = small(objects, most);
      Path half = repository.getDirectory().toPath().resolve(UUID.randomUUID() + ".part");
      try {
        write(small, half);
        add(half);
        long added = Files.size(half);
        for (Pack pack : small) {
          // One of the same size may be the very same, which JGit does not put in place again.
          if (size(pack) != added) {
            remove(pack);
          }
        }
      } finally {
        Files.deleteIfExists(half);
      }
    }
  }

  /** At least half of what may be, and no large one beyond that. */
  private static List<Pack> small(ObjectDirectory objects, int most) {
    List<Pack> smallestFirst =
        objects.getPacks().stream().sorted(Comparator.comparingLong(PackCompactor::size)).toList();
    List<Pack> small = new ArrayList<>();
    long sum = 0;
    for (Pack pack : smallestFirst) {
      if (small.size() > most / 2 && size(pack) > sum) {
        break;
      }
      small.add(pack);
      sum += size(pack);
    }
    return small;
  }

  private static long size(Pack pack) {
    return pack.getPackFile().length();
  }

  private void write(List<Pack> packs, Path to) throws IOException {
    Set<RevObject> objects = new HashSet<>();
    try (ObjectReader reader = repository.newObjectReader();
        RevWalk walk = new RevWalk(reader);
        PackWriter writer = new PackWriter(config(), reader);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(to))) {
      for (Pack pack : packs) {
        for (PackIndex.MutableEntry entry : pack) {
          ObjectId id = entry.toObjectId();
          objects.add(walk.lookupAny(id, reader.open(id).getType()));
        }
      }
      writer.setReuseDeltaCommits(true);
      writer.preparePack(objects.iterator());
      writer.writePack(NullProgressMonitor.INSTANCE, NullProgressMonitor.INSTANCE, out);
    }
  }

  private PackConfig config() {
    PackConfig config = new PackConfig(repository);
    config.setDeltaCompress(false); // what servers have found is used again
    return config;
  }

  /**
   * Has JGit take a pack in as if it came from a server: checked, and under its final name last.
   */
  private void add(Path pack) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(pack));
        ObjectInserter inserter = repository.newObjectInserter()) {
      inserter.newPackParser(in).parse(NullProgressMonitor.INSTANCE);
      inserter.flush();
    }
  }

  private static void remove(Pack pack) throws IOException {
    for (PackExt part : PackExt.values()) {
      Files.deleteIfExists(pack.getPackFile().create(part).toPath());
    }
  }
}

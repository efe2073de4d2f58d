package io.tarkiln.checkout;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.store.Keys;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.store.ObjectUpload;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;

/** Brings build contexts into S3, each under the id of what is in it, unless it is there. */
record Sources(ObjectStore store, LfsFiles lfs, GitSettings settings) {
  /** Far less than any rule of the bucket keeps a source, far more than a build takes. */
  private static final Duration YOUNG = Duration.ofDays(1);

  /**
   * Where a context is now.
   *
   * @param isNew whether it was not there before
   */
  record Stored(String key, boolean isNew) {}

  Stored store(String workload, SourceTree source, PrunedTree pruned)
      throws IOException, RejectedException, UnavailableException {
    GitSettings.Limits limits = settings.limits();
    boolean usesLfs = settings.lfs() && LfsContent.isUsed(source, pruned, limits.sourceFiles());
    ObjectId id = usesLfs ? LfsContent.id(pruned.id()) : pruned.id();
    String key = Keys.source(workload, id.name());
    if (store.existsRenewed(key, YOUNG)) {
      return new Stored(key, false);
    }
    fetchFiles(pruned);
    try (LfsContent content =
            usesLfs ? LfsContent.of(lfs, pruned, limits.sourceFiles()) : LfsContent.none(lfs);
        ObjectUpload upload = store.upload(key)) {
      SourceArchive.write(pruned, limits, content.replaced(), upload);
      upload.complete();
    }
    return new Stored(key, true);
  }

  private void fetchFiles(PrunedTree pruned)
      throws IOException, RejectedException, UnavailableException {
    Map<SourceTree, List<ObjectId>> files = new IdentityHashMap<>();
    SourceWalk.through(
        pruned,
        settings.limits().sourceFiles(),
        (path, file) -> files.computeIfAbsent(file.in(), tree -> new ArrayList<>()).add(file.id()));
    for (Map.Entry<SourceTree, List<ObjectId>> each : files.entrySet()) {
      each.getKey().files().fetch(each.getValue());
    }
  }
}

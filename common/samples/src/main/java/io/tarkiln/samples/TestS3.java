package io.tarkiln.samples;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.embedded.S3Server;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.ScratchFolder;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The S3 server of a test JVM, which ends with it. */
public final class TestS3 {
  private static final S3Server SERVER =
      ScratchFolder.start("s3", folder -> S3Server.start(folder, "127.0.0.1", 0));
  private static final AtomicInteger BUCKETS = new AtomicInteger();

  private TestS3() {}

  /** What programs are told to reach a bucket of their own, which is new and empty. */
  public static Map<String, String> newBucket() {
    Map<String, String> variables = new HashMap<>(SERVER.variables());
    variables.put(Settings.BUCKET, "bucket-" + BUCKETS.incrementAndGet());
    try (ObjectStore store = ObjectStore.connect(Settings.of(variables))) {
      store.createBucket();
      return Map.copyOf(variables);
    } catch (UnavailableException broken) {
      throw new IllegalStateException(broken);
    }
  }

  /** A store on a bucket of its own; it may be left open. */
  public static ObjectStore newStore() {
    ObjectStore store = ObjectStore.connect(Settings.of(newBucket()));
    try {
      store.writeOnceCheck().require(); // as a service does before its first record
    } catch (UnavailableException broken) {
      throw new IllegalStateException(broken);
    }
    return store;
  }
}

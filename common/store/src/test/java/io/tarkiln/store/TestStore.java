package io.tarkiln.store;

import io.tarkiln.embedded.S3Server;
import io.tarkiln.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;

/** A real S3 server with a bucket, and a store on it. */
public record TestStore(S3Server server, ObjectStore store) implements AutoCloseable {
  /** Keeps everything in this folder. */
  public static TestStore in(Path folder) throws Exception {
    S3Server server = S3Server.start(folder, "127.0.0.1", 0);
    ObjectStore store = ObjectStore.connect(Settings.of(server.variables()));
    store.createBucket();
    store.writeOnceCheck().require(); // as a service does before its first record
    return new TestStore(server, store);
  }

  @Override
  public void close() throws IOException {
    store.close();
    server.close();
  }
}

package io.tarkiln.bench.push;

import io.tarkiln.bench.BenchFolders;
import io.tarkiln.bench.push.Pushing.Job;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.MinioServer;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.store.ObjectUpload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Pushes a tar of 5 GiB with a layer of 3 GiB from MinIO to a registry, by the command and in this
 * JVM, whose heap the caller bounds, and prints time and memory. Wants 20 GB of disk meanwhile.
 */
public final class LargePush {
  private static final String KEY = "large/image.tar";
  private static final List<BenchTar.Layer> LAYERS =
      List.of(new BenchTar.Layer(1, 3072), new BenchTar.Layer(2, 1536), new BenchTar.Layer(3, 512));

  private LargePush() {}

  /** Arguments: the folder for all files; a temporary one without it. */
  public static void main(String[] arguments) throws Exception {
    Path parent = Path.of(arguments.length > 0 ? arguments[0] : "/var/tmp");
    Path folder = Files.createTempDirectory(parent, "tarkiln-large-push");
    try (MinioServer s3 = MinioServer.start(GoTools.provide("minio"), folder.resolve("s3"));
        RegistryServer registry =
            RegistryServer.start(
                folder.resolve("registry"), "127.0.0.1", RegistryServer.Options.PLAIN);
        PusherInProcess service = new PusherInProcess(s3.variables())) {
      Path launcher = GoTools.home().resolve("deploy/tarkiln");
      store(service.store(s3.endpoint()), new BenchTar(folder));
      push(new OurCommand("command", launcher, s3.variables()), s3, registry);
      push(service, s3, registry);
    } finally {
      BenchFolders.delete(folder);
    }
    System.exit(0); // idle pool threads of the S3 client
  }

  private static void store(ObjectStore store, BenchTar tars) throws Exception {
    BenchTar.Written tar = tars.write("image.tar", LAYERS);
    System.out.printf("tar of %.2f GB%n", tar.size() / 1e9);
    store.createBucket();
    try (ObjectUpload upload = store.upload(KEY)) {
      Files.copy(tar.file(), upload);
      upload.complete();
    }
    Files.delete(tar.file());
  }

  private static void push(Pushing way, MinioServer s3, RegistryServer registry) throws Exception {
    Job job = new Job(KEY, "large/" + way.name().replaceAll("[^a-z]", ""));
    long start = System.nanoTime();
    long memory = way.peak(s3.endpoint(), registry.address(), job, List.of());
    System.out.printf(
        "%-12s %6.1f s, at most %.0f MB of memory%n",
        way.name(), (System.nanoTime() - start) / 1e9, memory / 1e6);
  }
}

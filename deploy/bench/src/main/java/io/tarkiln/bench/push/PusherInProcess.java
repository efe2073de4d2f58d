package io.tarkiln.bench.push;

import io.tarkiln.image.ImageReference;
import io.tarkiln.imagepush.ImagePusher;
import io.tarkiln.imagepush.PushProgress;
import io.tarkiln.imagetar.S3TarSource;
import io.tarkiln.registry.RegistrySettings;
import io.tarkiln.registry.credentials.DockerConfig;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Our pusher in this JVM, as the service has it: one for all pushes. */
final class PusherInProcess implements Pushing, AutoCloseable {
  private final Map<String, String> account;
  private final Map<String, ImagePusher> pushers = new ConcurrentHashMap<>();
  private final Map<URI, ObjectStore> stores = new ConcurrentHashMap<>();

  PusherInProcess(Map<String, String> account) {
    this.account = account;
  }

  @Override
  public String name() {
    return "(d) service";
  }

  @Override
  public void push(URI s3, String registry, Job job, List<String> mountFrom) throws Exception {
    ImagePusher pusher =
        pushers.computeIfAbsent(
            registry,
            address ->
                new ImagePusher(
                    new RegistrySettings(
                        Set.of(address), new DockerConfig(Path.of("no-such-folder")))));
    ImageReference image = ImageReference.parse(registry + "/" + job.repository() + ":bench");
    pusher.pushTagged(new S3TarSource(store(s3), job.key()), image, mountFrom, PushProgress.NONE);
  }

  ObjectStore store(URI s3) {
    Map<String, String> variables = new HashMap<>(account);
    variables.put(Settings.S3_ENDPOINT, s3.toString());
    variables.put(Settings.BUCKET, PushBench.BUCKET);
    return stores.computeIfAbsent(s3, address -> ObjectStore.connect(Settings.of(variables)));
  }

  /** The most that lay in the heap, garbage included. */
  @Override
  public long peak(URI s3, String registry, Job job, List<String> mountFrom) throws Exception {
    List<MemoryPoolMXBean> heap =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    System.gc();
    heap.forEach(MemoryPoolMXBean::resetPeakUsage);
    push(s3, registry, job, mountFrom);
    return heap.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
  }

  @Override
  public void close() {
    pushers.values().forEach(ImagePusher::close);
    stores.values().forEach(ObjectStore::close);
  }
}

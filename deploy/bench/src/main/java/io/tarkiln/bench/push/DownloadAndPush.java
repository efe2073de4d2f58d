package io.tarkiln.bench.push;

import io.tarkiln.settings.Settings;
import io.tarkiln.store.SignedAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * What people do today: the whole tar to a file with curl, by an address that is signed beforehand,
 * then another program's push.
 *
 * @param file where the tar goes
 * @param push makes the second command of the registry's image reference and that file
 */
record DownloadAndPush(
    String name,
    Map<String, String> account,
    Path file,
    BiFunction<String, Path, List<String>> push)
    implements Pushing {
  @Override
  public void push(URI s3, String registry, Job job, List<String> mountFrom) throws Exception {
    Files.deleteIfExists(file);
    BenchCommand.run(Map.of(), download(s3, job));
    BenchCommand.run(Map.of(), push.apply(registry + "/" + job.repository() + ":bench", file));
  }

  @Override
  public long peak(URI s3, String registry, Job job, List<String> mountFrom) throws Exception {
    Files.deleteIfExists(file);
    return Math.max(
        BenchCommand.peakOf(Map.of(), download(s3, job)),
        BenchCommand.peakOf(
            Map.of(), push.apply(registry + "/" + job.repository() + ":bench", file)));
  }

  private List<String> download(URI s3, Job job) {
    Map<String, String> variables = new HashMap<>(account);
    variables.put(Settings.S3_ENDPOINT, s3.toString());
    variables.put(Settings.BUCKET, PushBench.BUCKET);
    URI address = SignedAddress.of(Settings.of(variables), job.key(), Instant.now()).orElseThrow();
    return List.of("curl", "--silent", "--fail", "--output", file.toString(), address.toString());
  }
}

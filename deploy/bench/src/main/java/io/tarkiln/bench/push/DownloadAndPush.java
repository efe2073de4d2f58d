package io.tarkiln.bench.push;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

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
    Command.run(Map.of(), download(s3, job));
    Command.run(Map.of(), push.apply(registry + "/" + job.repository() + ":bench", file));
  }

  @Override
  public long peak(URI s3, String registry, Job job, List<String> mountFrom) throws Exception {
    Files.deleteIfExists(file);
    return Math.max(
        Command.peakOf(Map.of(), download(s3, job)),
        Command.peakOf(Map.of(), push.apply(registry + "/" + job.repository() + ":bench", file)));
  }

  private List<String> download(URI s3, Job job) {
    try (S3Presigner presigner =
        S3Presigner.builder()
            .endpointOverride(s3)
            .region(Region.US_EAST_1)
            .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(
                        account.get("AWS_ACCESS_KEY_ID"), account.get("AWS_SECRET_ACCESS_KEY"))))
            .build()) {
      String address =
          presigner
              .presignGetObject(
                  r ->
                      r.signatureDuration(Duration.ofHours(1))
                          .getObjectRequest(g -> g.bucket(PushBench.BUCKET).key(job.key())))
              .url()
              .toString();
      return List.of("curl", "--silent", "--fail", "--output", file.toString(), address);
    }
  }
}

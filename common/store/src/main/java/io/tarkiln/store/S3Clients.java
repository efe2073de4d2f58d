package io.tarkiln.store;

import io.tarkiln.settings.Settings;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes the SDK's client as the settings say. */
final class S3Clients {
  private S3Clients() {}

  /** A client that has sent nothing yet. */
  static S3Client of(Settings settings) {
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(settings.s3Region()))
            .httpClient(RetryableHttpClient.open())
            // Checksum trailers are newer than many S3 servers; TLS and our own digests protect.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    settings.s3Endpoint().ifPresent(uri -> builder.endpointOverride(uri).forcePathStyle(true));
    Optional<String> keyId = settings.get("AWS_ACCESS_KEY_ID");
    Optional<String> secret = settings.get("AWS_SECRET_ACCESS_KEY");
    if (keyId.isPresent() && secret.isPresent() && settings.get("AWS_SESSION_TOKEN").isEmpty()) {
      builder.credentialsProvider(
          StaticCredentialsProvider.create(AwsBasicCredentials.create(keyId.get(), secret.get())));
    } else {
      builder.credentialsProvider(DefaultCredentialsProvider.builder().build());
    }
    return builder.build();
  }
}

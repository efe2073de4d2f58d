package io.tarkiln.store;

import io.tarkiln.settings.Settings;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Makes the SDK's clients as the settings say. */
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
    return builder.credentialsProvider(credentials(settings)).build();
  }

  /** What signs addresses for others. */
  static S3Presigner signer(Settings settings) {
    S3Presigner.Builder builder =
        S3Presigner.builder()
            .region(Region.of(settings.s3Region()))
            .credentialsProvider(credentials(settings));
    settings
        .s3Endpoint()
        .ifPresent(
            uri ->
                builder
                    .endpointOverride(uri)
                    .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build()));
    return builder.build();
  }

  private static AwsCredentialsProvider credentials(Settings settings) {
    Optional<String> keyId = settings.get("AWS_ACCESS_KEY_ID");
    Optional<String> secret = settings.get("AWS_SECRET_ACCESS_KEY");
    if (keyId.isPresent() && secret.isPresent() && settings.get("AWS_SESSION_TOKEN").isEmpty()) {
      return StaticCredentialsProvider.create(
          AwsBasicCredentials.create(keyId.get(), secret.get()));
    }
    return DefaultCredentialsProvider.builder().build();
  }
}

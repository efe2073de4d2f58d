package io.tarkiln.cli;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.OutputOption;
import io.tarkiln.cli.session.UserSettings;
import io.tarkiln.cli.view.LiveProgress;
import io.tarkiln.image.ImageReference;
import io.tarkiln.imagepush.ImagePusher;
import io.tarkiln.imagepush.PushResult;
import io.tarkiln.imagetar.FileTarSource;
import io.tarkiln.imagetar.HttpTarSource;
import io.tarkiln.imagetar.Manifest;
import io.tarkiln.imagetar.S3TarSource;
import io.tarkiln.imagetar.TarSource;
import io.tarkiln.registry.RegistrySettings;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.store.SignedAddress;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The {@code push} command: pushes an image tar to a registry. */
@Command(
    name = "push",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Pushes an image tar that Kaniko wrote, sending only what the registry lacks.",
      "Accounts come from DOCKER_CONFIG's config.json, by default ~/.docker, certificate"
          + " authorities of your own from the PEM file that TARKILN_REGISTRY_CA names, and the"
          + " account for S3 from the variables that all AWS tools know."
    },
    footer = {
      "",
      "Examples:",
      "  tarkiln push image.tar harbor.example.com/shop/api:1.4.0",
      "  tarkiln push s3://tarkiln/builds/BUILD_ID/api/image.tar \\",
      "    localhost:5000/shop/api:dev --plain-http \\",
      "    --mount-from dockerhub-proxy/library/alpine"
    })
final class PushCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private OutputOption output;

  @Option(
      names = "--mount-from",
      paramLabel = "REPOSITORY",
      description = "a repository of the registry that may have layers already; repeatable")
  private List<String> mountFrom = new ArrayList<>();

  @Option(
      names = "--oci",
      description = "write a manifest with OCI's media types even where Docker's would do")
  private boolean oci;

  @Option(
      names = "--plain-http",
      description = "the registry speaks http without TLS; as TARKILN_PLAIN_HTTP_REGISTRIES says")
  private boolean plainHttp;

  @Parameters(index = "0", paramLabel = "TAR", description = "a file, or s3://BUCKET/KEY")
  private String tar;

  @Parameters(index = "1", paramLabel = "REFERENCE", description = "host[:port]/path[:tag]")
  private String reference;

  @Override
  public Integer call() throws CliException, RejectedException, UnavailableException {
    Settings settings = UserSettings.ofUser().settings();
    ImageReference image = ImageReference.parse(reference);
    RegistrySettings registries = RegistrySettings.of(settings);
    if (plainHttp) {
      registries = registries.withPlainHttp(image.registry());
    }
    PrintWriter err = spec.commandLine().getErr();
    if (!tar.startsWith("s3://")) {
      if (!Files.isRegularFile(Path.of(tar))) {
        throw new CliException(CliException.WRONG_USAGE, "there is no file " + tar);
      }
      return push(new FileTarSource(Path.of(tar)), image, registries, err);
    }
    String[] parts = tar.substring("s3://".length()).split("/", 2);
    if (parts.length < 2 || parts[1].isEmpty()) {
      throw new CliException(CliException.WRONG_USAGE, tar + " should read s3://BUCKET/KEY");
    }
    Settings bucket =
        new Settings(
            name ->
                name.equals(Settings.BUCKET)
                    ? Optional.of(parts[0])
                    : settings.lookup().apply(name));
    Optional<URI> address = SignedAddress.of(bucket, parts[1], Instant.now());
    if (address.isPresent()) {
      return push(new HttpTarSource(address.get(), tar), image, registries, err);
    }
    try (ObjectStore store = ObjectStore.connect(bucket)) {
      return push(new S3TarSource(store, parts[1]), image, registries, err);
    }
  }

  private int push(
      TarSource source, ImageReference image, RegistrySettings registries, PrintWriter err)
      throws RejectedException, UnavailableException {
    Manifest.Format format = oci ? Manifest.Format.OCI : Manifest.Format.DOCKER;
    try (ImagePusher pusher = new ImagePusher(registries, format)) {
      PushProgressPrinter progress = new PushProgressPrinter(err, LiveProgress.isSupported());
      PushResult pushed = pusher.pushTagged(source, image, mountFrom, progress);
      progress.end();
      PrintWriter out = spec.commandLine().getOut();
      if (output.isJson()) {
        OutputOption.json(out, pushed);
      } else {
        out.printf("%s@%s%n", image, pushed.digest());
        out.printf(
            "%d bytes sent, %d blobs sent, %d mounted, %d skipped%n",
            pushed.bytesSent(), pushed.blobsSent(), pushed.blobsMounted(), pushed.blobsSkipped());
      }
      out.flush();
      return 0;
    }
  }
}

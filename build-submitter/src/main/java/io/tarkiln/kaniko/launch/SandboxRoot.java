package io.tarkiln.kaniko.launch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.KanikoArguments;
import io.tarkiln.kaniko.launch.KanikoLauncher.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What Kaniko finds in a sandbox: an empty root directory with a few things mounted. They are
 * mounted, not copied, because Kaniko leaves mount points out of images and never deletes them,
 * just as in its own container.
 *
 * @param executor Kaniko's binary
 */
record SandboxRoot(Path executor) {
  /** All that is in the environment of Kaniko: what its image sets, too. */
  static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/kaniko",
          "HOME", "/root",
          "DOCKER_CONFIG", "/kaniko/.docker",
          "SSL_CERT_DIR", "/kaniko/ssl/certs");

  /** What container engines leave to root, but for making device nodes. */
  static final List<String> CAPABILITIES =
      List.of(
          "chown",
          "dac_override",
          "fowner",
          "fsetid",
          "kill",
          "setgid",
          "setuid",
          "setpcap",
          "net_bind_service",
          "sys_chroot",
          "setfcap",
          "audit_write");

  /** Where distributions keep the certificates of public authorities. */
  private static final List<Path> AUTHORITIES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));

  /** A file or directory of the host and where it is seen. */
  record Mount(Path source, String target, boolean readOnly) {}

  /** The mounts of one run. */
  List<Mount> mounts(Launch launch) throws UnavailableException {
    RunDirectory directory = launch.directory();
    List<Mount> mounts = new ArrayList<>();
    mounts.addAll(files(directory));
    mounts.add(new Mount(executor, "/kaniko/executor", true));
    AUTHORITIES.stream()
        .filter(Files::isReadable)
        .findFirst()
        .ifPresent(
            bundle -> mounts.add(new Mount(bundle, "/kaniko/ssl/certs/ca-certificates.crt", true)));
    mounts.addAll(names(launch));
    return mounts;
  }

  /** How a run finds hosts by name. */
  static List<Mount> names(Launch launch) throws UnavailableException {
    List<Mount> mounts = new ArrayList<>();
    for (String name : List.of("resolv.conf", "hosts")) {
      mounts.add(new Mount(copy(launch, name), "/etc/" + name, false));
    }
    return mounts;
  }

  /**
   * What a run reads and writes, in every kind of launcher. Each is a mount of its own: a RUN can
   * put nothing else in its place.
   */
  static List<Mount> files(RunDirectory directory) {
    return List.of(
        new Mount(directory.context(), KanikoArguments.CONTEXT, true),
        new Mount(directory.dockerfile(), KanikoArguments.DOCKERFILE, true),
        new Mount(directory.dockerignore(), KanikoArguments.DOCKERIGNORE, true),
        new Mount(directory.tar(), KanikoArguments.IMAGE_TAR, false),
        new Mount(directory.registries(), "/kaniko/.docker", true));
  }

  /** Kaniko's command inside; {@code --force} because it cannot tell that this is a container. */
  static List<String> command(Launch launch) {
    List<String> command = new ArrayList<>(List.of("/kaniko/executor", "--force"));
    command.addAll(launch.arguments());
    return command;
  }

  /** A copy of a file in /etc of the host, which a build may write to as it may in a container. */
  private static Path copy(Launch launch, String name) throws UnavailableException {
    Path original = Path.of("/etc", name);
    Path copy = launch.directory().path().resolve(name);
    try {
      String text = Files.isReadable(original) ? Files.readString(original, ISO_8859_1) : "";
      Files.writeString(copy, launch.network().seen(name, text), ISO_8859_1);
      return copy;
    } catch (IOException failed) {
      throw new UnavailableException("cannot write " + copy, failed);
    }
  }
}

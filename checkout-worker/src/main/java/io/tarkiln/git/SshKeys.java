package io.tarkiln.git;

import io.tarkiln.git.host.GitAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the private keys for a repository: in the folder {@code <host>/<path of the repository>}
 * below the ssh folder, else in those above it, at last in the ssh folder itself. The first that
 * has any counts, so that a deploy key is not lost among others.
 */
record SshKeys(Path folder) {
  private static final List<String> NAMES = List.of("id_ed25519", "id_ecdsa", "id_rsa");

  /** Private keys, the best kind first; none when there are none. */
  List<Path> of(GitAddress address) {
    List<Path> folders = new ArrayList<>(List.of(folder));
    Path deeper = folder.resolve(address.host());
    folders.add(deeper);
    String path = Optional.ofNullable(address.uri().getPath()).orElse("");
    for (String part : path.replaceFirst("\\.git/*$", "").split("/")) {
      if (!part.isEmpty() && !part.equals(".") && !part.equals("..")) {
        deeper = deeper.resolve(part);
        folders.add(deeper);
      }
    }
    for (int i = folders.size() - 1; i > 0; i--) {
      List<Path> keys = anyNamed(folders.get(i));
      if (!keys.isEmpty()) {
        return keys;
      }
    }
    return NAMES.stream().map(folder::resolve).filter(Files::isReadable).toList();
  }

  /** All private keys of a folder that is a host's or repository's own, whatever their names. */
  private static List<Path> anyNamed(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> Files.isRegularFile(file) && !file.toString().endsWith(".pub"))
          .sorted()
          .toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read keys in " + folder, unreadable);
    }
  }
}

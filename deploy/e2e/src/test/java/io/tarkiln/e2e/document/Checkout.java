package io.tarkiln.e2e.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The files of this repository, without what builds leave in it.
 *
 * @param files paths from the root
 */
public record Checkout(Path root, List<Path> files) {
  private static final Set<String> OTHERS = Set.of("target", ".git", ".cifuzz-corpus");

  /** The one that this test is run from. */
  public static Checkout here() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("mvnw"))) {
      root = root.getParent();
    }
    return at(root);
  }

  private static Checkout at(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean ours = !OTHERS.contains(folder.getFileName().toString());
            return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.add(root.relativize(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return new Checkout(root, List.copyOf(files));
  }

  /** All pages, the changelog too. */
  public List<MarkdownPage> pages() {
    return files.stream()
        .filter(file -> file.toString().endsWith(".md"))
        .map(file -> new MarkdownPage(file, text(file)))
        .toList();
  }

  /** Whether there is such a file or folder. */
  public boolean has(Path path) {
    return Files.exists(root.resolve(path));
  }

  public String text(Path file) {
    try {
      return Files.readString(root.resolve(file));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The texts of some files, one upon the other. */
  public String texts(Predicate<String> which) {
    return files.stream()
        .filter(file -> which.test(file.toString()))
        .map(this::text)
        .collect(Collectors.joining("\n"));
  }

  /** The last part of each path, of folders too, without the ending. */
  public Set<String> names() {
    return files.stream()
        .flatMap(
            file -> {
              List<String> parts = new ArrayList<>();
              file.forEach(part -> parts.add(part.toString().replaceFirst("\\.[a-z]+$", "")));
              return parts.stream();
            })
        .collect(Collectors.toSet());
  }
}

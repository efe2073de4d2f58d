package io.tarkiln.dockerfile.context;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The files of a build context, as far as they are known. */
public final class ContextFiles {
  /** Linux gives up after so many links; so does BuildKit, with fewer. */
  private static final int MAX_LINKS = 40;

  private final TreeMap<String, ContextFile> byPath = new TreeMap<>();
  private final Optional<String> unknown;

  private ContextFiles(List<ContextFile> files, Optional<String> unknown) {
    files.forEach(file -> byPath.put(file.path(), file));
    this.unknown = unknown;
  }

  public static ContextFiles of(List<ContextFile> files) {
    return new ContextFiles(files, Optional.empty());
  }

  /**
   * Files that nobody has listed.
   *
   * @param identity what is another one for other files
   */
  public static ContextFiles unknown(String identity) {
    return new ContextFiles(List.of(), Optional.of(identity));
  }

  public boolean areKnown() {
    return unknown.isEmpty();
  }

  /** The path without {@code .}, {@code ..} and slashes around it; empty for the context itself. */
  public static String clean(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/")) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return String.join("/", parts);
  }

  /** Follows all links of a path, none out of the context; empty where they lead in a circle. */
  public Optional<String> resolve(String path) {
    Deque<String> ahead = new ArrayDeque<>(List.of(clean(path).split("/")));
    Deque<String> done = new ArrayDeque<>();
    int links = 0;
    while (!ahead.isEmpty()) {
      String part = ahead.remove();
      if (part.equals("..")) {
        done.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        done.add(part);
      }
      ContextFile file = byPath.get(String.join("/", done));
      if (file != null && file.isLink()) {
        if (++links > MAX_LINKS) {
          return Optional.empty();
        }
        done.removeLast();
        if (file.target().startsWith("/")) {
          done.clear();
        }
        String[] target = file.target().split("/");
        for (int i = target.length - 1; i >= 0; i--) {
          ahead.addFirst(target[i]);
        }
      }
    }
    return Optional.of(String.join("/", done));
  }

  public boolean isLink(String path) {
    ContextFile file = byPath.get(path);
    return file != null && file.isLink();
  }

  public boolean isFolder(String path) {
    return path.isEmpty() || !below(path).isEmpty();
  }

  public boolean exists(String path) {
    return byPath.containsKey(path) || isFolder(path);
  }

  /** The names of files, links and folders directly in a folder, in order. */
  public List<String> names(String folder) {
    int from = folder.isEmpty() ? 0 : folder.length() + 1;
    return below(folder).keySet().stream()
        .map(path -> path.substring(from).replaceFirst("(?s)/.*", ""))
        .distinct()
        .sorted()
        .toList();
  }

  /** What lies in a folder, at any depth. */
  private Map<String, ContextFile> below(String folder) {
    return folder.isEmpty() ? byPath : byPath.subMap(folder + "/", folder + "0");
  }

  /** Files and folders that a pattern matches, in order. */
  public List<String> matches(PathPattern pattern) {
    return byPath.keySet().stream()
        .flatMap(path -> pattern.prefixOf(path).stream())
        .distinct()
        .filter(pattern::matches)
        .sorted()
        .toList();
  }

  /**
   * What lies at a path and below, with names and kinds; contents as well if they are asked for.
   */
  public String listed(String path, boolean contents) {
    if (unknown.isPresent()) {
      return unknown.get();
    }
    StringBuilder list = new StringBuilder();
    ContextFile own = byPath.get(path);
    if (own != null) {
      append(list, own, contents);
    }
    below(path).values().forEach(file -> append(list, file, contents));
    return list.toString();
  }

  private static void append(StringBuilder list, ContextFile file, boolean contents) {
    list.append(Integer.toOctalString(file.mode())).append(' ').append(file.path()).append('\0');
    list.append(file.target()).append('\0');
    list.append(contents ? file.objectId() : "").append('\n');
  }

  /**
   * Sixteen hexadecimal digits that stand for texts. Not by the class that all others use: the
   * grammar needs the JDK only.
   */
  public static String digest(List<String> texts) {
    try {
      byte[] all = texts.stream().collect(Collectors.joining("\0\0")).getBytes(ISO_8859_1);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(all);
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}

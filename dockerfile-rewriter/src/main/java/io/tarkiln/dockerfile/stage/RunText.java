package io.tarkiln.dockerfile.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands of a RUN, as far as their text shows what they do to a path.
 *
 * @param text what follows the flags; nothing is found in a text of more than 20,000 characters, as
 *     the search could take for ever
 */
public record RunText(String text) {
  private static final int LONGEST = 20_000;
  private static final String SEPARATE = "(?:^|[\\s\"';&|=])";
  private static final String LAST = "[\"']?(?=\\s*(?:[;&|]|$))";
  private static final String END = "/?(?=[\\s\"';&|]|$)";
  private static final String LINK =
      "\\bln\\s+(?:-\\w+\\s+)*?(?:-[a-rt-zA-Z]*s[a-zA-Z]*|--symbolic)\\s";
  private static final Pattern LINKS =
      Pattern.compile(LINK + "(?:\\s*-\\w+\\s)*\\s*([^\\s-;&|]\\S*)\\s+([^\\s;&|]+)");
  private static final Pattern GLOBAL = Pattern.compile("\\bnpm\\s[^;&|]*\\s(?:-g|--global)\\b");

  /** A symbolic link and where it points, both as written. */
  public record Link(String target, String path) {}

  public RunText {
    text = text.length() <= LONGEST ? text : "";
  }

  /** The owner or mode that a command gives a path; empty where none does. */
  public Optional<String> changed(String command, String path) {
    Matcher change =
        Pattern.compile(
                "\\b"
                    + command
                    + "\\s+(?:-\\w+\\s+)*([^\\s-]\\S*)\\s[^;&|]*?(?<=[\\s\"'])"
                    + Pattern.quote(path)
                    + END)
            .matcher(text);
    return change.find() ? Optional.of(change.group(1)) : Optional.empty();
  }

  public boolean makesFolder(String path) {
    return text.contains(path)
        && found("\\b(?:mkdir|publish|install\\s+-d)\\b[^;&|]*" + separate(path) + END);
  }

  public boolean makesFolderWithMode(String path) {
    return text.contains(path)
        && found("\\b(?:mkdir|install)\\s[^;&|]*-\\w*m[^;&|]*" + separate(path) + END);
  }

  /** Whether it gives all files in a folder an owner or mode. */
  public boolean changesAllOf(String path) {
    return text.contains(path)
        && found("\\bch(?:own|mod)\\s+-\\w*R\\w*\\s[^;&|]*" + Pattern.quote(path) + END);
  }

  public boolean removes(String path) {
    return text.contains(path) && found("\\brm\\b[^;&|]*" + separate(path) + END);
  }

  /** Whether a path becomes a symbolic link. */
  public boolean links(String path) {
    String last = path.substring(path.lastIndexOf('/') + 1);
    if (!text.contains(last)) {
      return false;
    }
    String quoted = Pattern.quote(path);
    String name = Pattern.quote(last);
    String folder = Pattern.quote(path.substring(0, path.lastIndexOf('/'))) + "/?";
    boolean isNamed = text.contains(path);
    return (isNamed
            && (found(LINK + "[^;&|]*(?<=\\s)" + quoted + LAST)
                || found("\\bupdate-alternatives\\s[^;&|]*--install\\s+" + quoted + "\\s")))
        || found(LINK + "[^;&|]*(?<=\\s)\\S*" + name + "\\s+" + folder + LAST)
        || (path.matches("/usr(/local)?/bin/.*")
            && GLOBAL.matcher(text).find()
            && found("\\bnpm\\s[^;&|]*[\\s/]" + name + "(?=[@\\s;&|]|$)"));
  }

  /** All symbolic links that it visibly makes. */
  public List<Link> links() {
    List<Link> links = new ArrayList<>();
    Matcher link = LINKS.matcher(text);
    while (link.find()) {
      links.add(new Link(link.group(1), link.group(2)));
    }
    return links;
  }

  public boolean givesCapability(String path) {
    return text.contains(path)
        && found("\\bsetcap\\s[^;&|]*\\s" + Pattern.quote(path) + "(?=[/\\s\"';&|]|$)");
  }

  /** Whether a file in a folder gets setuid, setgid or sticky. */
  public boolean givesSpecialModeIn(String path) {
    return text.contains(path)
        && found(
            "\\bchmod\\s+(?:-R\\s+)?(?:[ugoa]*\\+[rwx]*s|[2467][0-7]{3})\\s[^;&|]*"
                + Pattern.quote(path)
                + "/");
  }

  private static String separate(String path) {
    return SEPARATE + Pattern.quote(path);
  }

  private boolean found(String regex) {
    return Pattern.compile(regex).matcher(text).find();
  }
}

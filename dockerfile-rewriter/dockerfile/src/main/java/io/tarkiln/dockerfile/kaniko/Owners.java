package io.tarkiln.dockerfile.kaniko;

import io.tarkiln.dockerfile.edit.CopyInstruction;
import io.tarkiln.dockerfile.stage.BuildStage;
import io.tarkiln.dockerfile.syntax.Instruction;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Gives {@code --chown} what Kaniko needs beside what is written: a user where there is a group
 * alone, and the user's group, for which it takes the user's number ({@code getUIDAndGID} in {@code
 * pkg/util/command_util.go}).
 */
final class Owners {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

  private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");
  private static final Pattern OF_USERADD = Pattern.compile("-g|--gid");
  private static final Pattern OF_ADDUSER = Pattern.compile("-[A-Za-z]*G|--ingroup|--gid");

  private Owners() {}

  /** What is to stand for the flag's value; empty where it stays. */
  static Optional<String> of(BuildStage stage, CopyInstruction copy) {
    String owner = copy.flag("--chown").orElse("");
    if (owner.startsWith(":") && owner.length() > 1) {
      return Optional.of("0" + owner);
    }
    if (!NAME.matcher(owner).matches()) {
      return Optional.empty();
    }
    if (isUnknown(stage, copy)) {
      throw Findings.cannot(
          copy.instruction(),
          "chown-unknown",
          "a stage FROM scratch has no user %s: write --chown with numbers".formatted(owner));
    }
    return stage.before(copy.instruction()).stream()
        .filter(one -> one.keyword().equals("RUN") && one.rest().contains(owner))
        .flatMap(one -> stage.text(one).commands().stream())
        .flatMap(words -> group(owner, words).stream())
        .reduce((first, last) -> last)
        .map(group -> owner + ":" + group);
  }

  /** The group that a command gives a user that it makes; empty where it cannot be seen. */
  private static Optional<String> group(String user, List<String> words) {
    int useradd = words.indexOf("useradd");
    int command = Math.max(useradd, words.indexOf("adduser"));
    if (command < 0) {
      return Optional.empty();
    }
    Pattern option = useradd >= 0 ? OF_USERADD : OF_ADDUSER;
    Optional<String> group = Optional.empty();
    boolean isUser = false;
    for (int i = command + 1; i < words.size(); i++) {
      String[] pair = words.get(i).split("=", 2);
      if (!option.matcher(pair[0]).matches()) {
        isUser |= words.get(i).equals(user);
      } else if (pair.length == 2) {
        group = Optional.of(pair[1]);
      } else if (++i < words.size()) {
        group = Optional.of(words.get(i));
      }
    }
    return isUser ? group.filter(name -> GROUP.matcher(name).matches()) : Optional.empty();
  }

  /** Whether nothing can have brought a list of users into the image. */
  private static boolean isUnknown(BuildStage stage, CopyInstruction copy) {
    List<Instruction> before = stage.before(copy.instruction());
    return stage.chain().get(0).isScratch()
        && before.stream().noneMatch(one -> one.keyword().equals("RUN"))
        && before.stream()
            .filter(CopyInstruction::isOne)
            .map(CopyInstruction::new)
            .noneMatch(
                one ->
                    one.destination().matches("/?|\\.?/?")
                        || one.destination().contains("etc")
                        || one.destination().contains("$"));
  }
}

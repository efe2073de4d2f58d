package io.tarkiln.dockerfile.kaniko;

import io.tarkiln.dockerfile.Dockerfile;
import io.tarkiln.dockerfile.context.ContextFiles;
import io.tarkiln.dockerfile.context.PathPattern;
import io.tarkiln.dockerfile.edit.CopyInstruction;
import io.tarkiln.dockerfile.stage.BuildStage;
import io.tarkiln.dockerfile.stage.RunText;
import io.tarkiln.dockerfile.syntax.Instruction;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells what COPY --from loses of a stage's or an image's files. */
final class SourceWarnings {
  /** Folders of systems: root's, with mode 755. */
  private static final Pattern OF_SYSTEM =
      Pattern.compile("/(bin|boot|etc|lib|lib64|sbin|usr)(/.*)?");

  /** More are not looked at: one warning a line is enough. */
  private static final int MAX_SOURCES = 100;

  private final Findings findings;

  SourceWarnings(Findings findings) {
    this.findings = findings;
  }

  /** What a stage did to what is copied from it. */
  void stage(BuildStage source, CopyInstruction copy) {
    String image = source.chain().get(0).base();
    for (String word : copy.allSources().stream().limit(MAX_SOURCES).toList()) {
      Optional<String> literal = Dockerfile.literal(word);
      if (literal.isEmpty() || PathPattern.isOne(literal.get())) {
        continue;
      }
      String path = "/" + ContextFiles.clean(literal.get());
      String name = path.substring(path.lastIndexOf('/') + 1);
      boolean isMade = false;
      for (BuildStage stage : source.chain()) {
        for (Instruction one : stage.instructions()) {
          if (one.keyword().equals("RUN") && one.rest().contains(name)) {
            command(stage.text(one), path, copy);
          } else if (one.keyword().equals("WORKDIR")
              && path.equals(CopyPlaces.absolute(one.rest()))
              && FolderEdits.user(stage, one).isPresent()
              && copy.flag("--chown").isEmpty()) {
            folder(path, copy);
          }
          isMade |= one.rest().contains(path);
        }
      }
      if (!isMade && !source.chain().get(0).isScratch()) {
        known(image, path, copy);
      }
    }
  }

  private void command(RunText run, String path, CopyInstruction copy) {
    if (run.links(path)) {
      link(path, copy);
    }
    if (run.givesCapability(path)) {
      capability(path, copy);
    }
    if (run.givesSpecialModeIn(path)) {
      findings.differs(
          copy.instruction(),
          "copy-from-setuid",
          "Kaniko drops the setuid and setgid bits of files in %s: RUN chmod after the COPY"
              .formatted(path));
    }
    boolean isFolder = run.makesFolder(path) || run.changesAllOf(path);
    boolean owned =
        run.changed("chown", path)
            .filter(one -> !FolderWarnings.isSameOwner(one, "root"))
            .isPresent();
    boolean moded = run.changed("chmod", path).isPresent() || run.makesFolderWithMode(path);
    if (isFolder && (moded || (owned && copy.flag("--chown").isEmpty()))) {
      folder(path, copy);
    }
  }

  /** What an image has that COPY --from names, of which nothing is seen. */
  void image(String image, BuildStage stage, CopyInstruction copy) {
    for (String word : copy.allSources()) {
      Optional<String> literal = Dockerfile.literal(word);
      if (literal.isPresent() && !PathPattern.isOne(literal.get())) {
        String path = "/" + ContextFiles.clean(literal.get());
        known(image, path, copy);
        String destination = CopyPlaces.destination(stage, copy).orElse("/");
        boolean isFolder =
            literal.get().endsWith("/")
                || (path.lastIndexOf('/') > 0
                    && !CopyPlaces.looksLikeFile(path)
                    && !CopyPlaces.looksLikeFile(destination));
        if (isFolder && !OF_SYSTEM.matcher(path).matches()) {
          findings.differs(
              copy.instruction(),
              "copy-from-image",
              "if %s is a folder of %s, Kaniko gives the copy its owner and mode, and copies what later layers of the image have deleted: copy from a stage that is FROM the image, and set owner and mode by a RUN"
                  .formatted(path, image));
        }
      }
    }
  }

  /** Links and capabilities that images are known to have. */
  private void known(String image, String path, CopyInstruction copy) {
    if (KnownImages.isLink(image, path)) {
      link(path, copy);
    }
    if (KnownImages.isCapable(path)) {
      capability(path, copy);
    }
  }

  private void link(String path, CopyInstruction copy) {
    findings.differs(
        copy.instruction(),
        "copy-from-link",
        "%s is a link where it is copied from, and Kaniko copies it as a link: COPY what it points to"
            .formatted(path));
  }

  private void capability(String path, CopyInstruction copy) {
    findings.differs(
        copy.instruction(),
        "copy-from-capability",
        "Kaniko copies %s without its capabilities: run setcap in this stage, after the COPY"
            .formatted(path));
  }

  private void folder(String path, CopyInstruction copy) {
    findings.differs(
        copy.instruction(),
        "copy-from-folder",
        "Kaniko gives the folder that is copied to the owner and mode of %s in its stage, where it should be root's with mode 755: set them by a RUN after the COPY"
            .formatted(path));
  }
}

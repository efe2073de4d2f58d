package io.tarkiln.git;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/** Keeps JGit from reading the machine's and the user's git configuration. */
final class IsolatedConfig extends SystemReader.Delegate {
  private static final Duration COARSEST_TIME_STAMPS = Duration.ofSeconds(2);

  private IsolatedConfig(SystemReader real) {
    super(real);
  }

  /** Switches it on for this process. */
  static void install() {
    SystemReader real = SystemReader.getInstance();
    if (!(real instanceof IsolatedConfig)) {
      SystemReader.setInstance(new IsolatedConfig(real));
    }
  }

  @Override
  public FileBasedConfig openUserConfig(Config parent, FS fs) {
    return new Empty(parent, fs);
  }

  @Override
  public FileBasedConfig openSystemConfig(Config parent, FS fs) {
    return new Empty(parent, fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(Config parent, FS fs) {
    return new Empty(parent, fs);
  }

  private static final class Empty extends FileBasedConfig {
    Empty(Config parent, FS fs) {
      super(parent, null, fs);
    }

    @Override
    public void load() {
      // There is no file behind it.
    }

    @Override
    public void save() {
      // What JGit wants to remember of this machine is not worth a file.
    }

    /**
     * How fine the disk's time stamps are. JGit would measure that for seconds, in files of its
     * own; the coarsest answer costs a few files being read again.
     */
    @Override
    public long getTimeUnit(
        String section, String subsection, String name, long defaultValue, TimeUnit unit) {
      return section.equals(ConfigConstants.CONFIG_FILESYSTEM_SECTION)
          ? unit.convert(COARSEST_TIME_STAMPS)
          : super.getTimeUnit(section, subsection, name, defaultValue, unit);
    }

    @Override
    public boolean isOutdated() {
      return false;
    }
  }
}

package io.tarkiln.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The classes of all modules, read once. */
final class CompiledCode {
  static final Modules MODULES = modules();
  static final JavaClasses MAIN = MODULES.mainClasses();

  private CompiledCode() {}

  private static Modules modules() {
    try {
      return Modules.all();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}

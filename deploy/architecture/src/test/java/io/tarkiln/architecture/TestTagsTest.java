package io.tarkiln.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TestTagsTest {
  /** Those of e2e are compiled later, and checked there. */
  @Test
  void say_what_the_tests_of_each_module_need() {
    Modules modules = CompiledCode.MODULES.where(name -> !name.equals("e2e"));

    assertThat(TestTag.faults(modules.testClasses())).isEmpty();
  }
}

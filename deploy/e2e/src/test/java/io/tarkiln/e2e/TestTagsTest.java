package io.tarkiln.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.architecture.Modules;
import io.tarkiln.architecture.TestTag;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class TestTagsTest {
  @Test
  void say_what_the_tests_of_the_whole_need() throws IOException {
    Modules here = Modules.all().where(name -> name.equals("e2e"));

    assertThat(TestTag.faults(here.testClasses())).isEmpty();
  }
}

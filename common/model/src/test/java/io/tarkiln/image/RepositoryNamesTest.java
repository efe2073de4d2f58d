package io.tarkiln.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RepositoryNamesTest {
  @Test
  void names_caches_by_workload_and_service() {
    assertThat(RepositoryNames.cache("harbor.example.com/ci", "shop", "api"))
        .isEqualTo("harbor.example.com/ci/kaniko-cache/shop-api");
  }

  @Test
  void no_two_services_share_a_cache() {
    List<String> names = List.of("a", "b", "a-b", "b-c", "c", "a-b-c");
    Set<String> caches = new HashSet<>();

    names.forEach(
        workload ->
            names.forEach(service -> caches.add(RepositoryNames.cache("r", workload, service))));

    assertThat(caches).hasSize(names.size() * names.size());
    assertThat(RepositoryNames.cache("r", "a-b", "c")).isEqualTo("r/kaniko-cache/a-b/c");
  }

  @Test
  void a_workload_cannot_have_the_caches_folder_for_its_images() {
    assertThat(RepositoryNames.isTaken("kaniko-cache")).isTrue();
    assertThat(RepositoryNames.isTaken("kaniko")).isFalse();
  }
}

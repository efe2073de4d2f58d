package io.tarkiln.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.net.URL;
import java.net.URLConnection;
import java.net.http.HttpClient;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {
  private static final JavaClasses CLASSES = CompiledCode.MAIN;

  /** The packages of each service; what is not here is shared or only ties things together. */
  private static final Map<String, String[]> SERVICES =
      Map.of(
          "checkout-worker", new String[] {"io.tarkiln.checkout..", "io.tarkiln.git.."},
          "dockerfile-rewriter", new String[] {"io.tarkiln.dockerfile..", "io.tarkiln.rewrite.."},
          "build-submitter", new String[] {"io.tarkiln.submit..", "io.tarkiln.kaniko.."},
          "artifact-pusher",
              new String[] {
                "io.tarkiln.imagetar..", "io.tarkiln.imagepush..", "io.tarkiln.push.."
              });

  /** The classes that may know the messaging framework, apart from io.tarkiln.messaging. */
  private static final String LISTENERS =
      "io\\.tarkiln\\.(checkout\\.CheckoutWorker|rewrite\\.DockerfileRewriterWorker"
          + "|submit\\.BuildSubmitter|push\\.ArtifactPusher)([$].*)?";

  @Test
  void sees_the_classes_of_every_module() {
    SERVICES.values().stream()
        .flatMap(java.util.Arrays::stream)
        .forEach(
            name ->
                assertThat(CLASSES.stream().map(c -> c.getPackageName() + "."))
                    .anyMatch(c -> c.startsWith(name.replace("..", "."))));
    assertThat(CLASSES.contain("io.tarkiln.pipeline.StageHandler")).isTrue();
  }

  @Test
  void has_no_cycles_between_packages() {
    slices().matching("io.tarkiln.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"checkout-worker", "dockerfile-rewriter", "build-submitter", "artifact-pusher"})
  void services_do_not_see_each_other(String service) {
    String[] others =
        SERVICES.entrySet().stream()
            .filter(entry -> !entry.getKey().equals(service))
            .flatMap(entry -> java.util.Arrays.stream(entry.getValue()))
            .toArray(String[]::new);

    noClasses()
        .that()
        .resideInAnyPackage(SERVICES.get(service))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .check(CLASSES);
  }

  @Test
  void cores_do_not_see_messaging_or_injection() {
    noClasses()
        .that()
        .resideInAPackage("io.tarkiln..")
        .and()
        .resideOutsideOfPackages("io.tarkiln.messaging..", "io.tarkiln.local..")
        .and()
        .haveNameNotMatching(LISTENERS)
        .and()
        .haveNameNotMatching(".*(Health|Check|Ready|Readiness)")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.eclipse.microprofile.reactive..",
            "io.smallrye.reactive..",
            "io.quarkus..",
            "jakarta.enterprise..",
            "jakarta.inject..")
        .check(CLASSES);
  }

  @Test
  void who_reads_git_or_dockerfiles_does_not_speak_to_registries() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.tarkiln.checkout..",
            "io.tarkiln.git..",
            "io.tarkiln.dockerfile..",
            "io.tarkiln.rewrite..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.tarkiln.registry.RegistryClient")
        .check(CLASSES);
  }

  @Test
  void the_grammar_of_dockerfiles_needs_the_jdk_only() {
    classes()
        .that()
        .resideInAPackage("io.tarkiln.dockerfile..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.tarkiln.dockerfile..", "java..", "org.jspecify.annotations..")
        .check(CLASSES);
  }

  @Test
  void only_the_store_sees_the_aws_sdk() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.tarkiln.store..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon..")
        .check(CLASSES);
  }

  /** What tests ask with is another client: it does not share a fault of ours. */
  @Test
  void requests_over_http_are_sent_by_one_class() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.tarkiln.http.HttpCall")
        .and()
        .doNotHaveFullyQualifiedName("io.tarkiln.http.HttpAnswer")
        .and()
        .resideOutsideOfPackage("io.tarkiln.testkit..")
        .should()
        .callMethodWhere(target(owner(assignableTo(URLConnection.class))))
        .orShould()
        .callMethodWhere(
            target(owner(assignableTo(URL.class)))
                .and(target(nameMatching("open(Connection|Stream)|getContent"))))
        .check(CLASSES);
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.tarkiln.registry.http.Transport") // PATCH
        .and()
        .resideOutsideOfPackage("io.tarkiln.testkit..")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(HttpClient.class)
        .check(CLASSES);
  }

  @Test
  void the_registry_client_knows_registries_and_no_builds() {
    noClasses()
        .that()
        .resideInAPackage("io.tarkiln.registry..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("io\\.tarkiln\\.build\\.(Reason|.*Exception)")
        .check(CLASSES);
  }
}

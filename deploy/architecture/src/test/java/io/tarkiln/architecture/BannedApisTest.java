package io.tarkiln.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.List;
import java.util.TimerTask;
import org.junit.jupiter.api.Test;

/**
 * What main code does not call, and who may nevertheless. Default charsets, locales and time zones
 * are Error Prone's business ({@code tarkiln.error-prone} in {@code pom.xml}).
 */
class BannedApisTest {
  /** Programs for people, for figures and for tests; the rest of main code runs in services. */
  private static final DescribedPredicate<JavaClass> PROGRAMS =
      resideInAnyPackage(
          "io.tarkiln.cli..", "io.tarkiln.local..", "io.tarkiln.bench..", "io.tarkiln.testkit..");

  @Test
  void services_print_nothing() {
    noClasses()
        .that(not(PROGRAMS))
        .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
        .check(CompiledCode.MAIN);
  }

  @Test
  void services_do_not_end_the_process() {
    noClasses()
        .that(not(PROGRAMS))
        .should()
        .callMethodWhere(target(call("exit|halt", System.class, Runtime.class)))
        .check(CompiledCode.MAIN);
  }

  /** But retries, what kills until nothing is left, and what slows other programs down. */
  @Test
  void nothing_sleeps() {
    noClasses()
        .that(
            not(
                resideInAnyPackage(
                        "io.tarkiln.retry..", "io.tarkiln.embedded..", "io.tarkiln.bench..")
                    .or(named("OrphanProcesses"))
                    .or(named("RunGroup"))))
        .should()
        .callMethodWhere(
            target(
                call(
                    "sleep|parkNanos|parkUntil",
                    Thread.class,
                    java.util.concurrent.TimeUnit.class,
                    java.util.concurrent.locks.LockSupport.class)))
        .check(CompiledCode.MAIN);
  }

  /** But what the process runs when it is told to end, and servers for tests. */
  @Test
  void threads_are_made_in_one_place() {
    noClasses()
        .that(
            not(
                resideInAnyPackage(
                        "io.tarkiln.thread..", "io.tarkiln.embedded..", "io.tarkiln.testkit..")
                    .or(named("Main"))
                    .or(named("BuildCommand"))
                    .or(named("StackProcess"))))
        .should()
        .callConstructorWhere(target(owner(assignableTo(Thread.class))))
        .check(CompiledCode.MAIN);
  }

  @Test
  void time_dates_and_logs_are_those_of_java_time_and_slf4j() {
    GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CompiledCode.MAIN);
    noClasses()
        .should()
        .dependOnClassesThat(
            assignableTo(java.util.Date.class)
                .or(assignableTo(java.util.Calendar.class))
                .or(assignableTo(java.util.Timer.class))
                .or(assignableTo(TimerTask.class))
                .or(assignableTo(java.text.Format.class)))
        .check(CompiledCode.MAIN);
  }

  @Test
  void nothing_is_serialized_by_java() {
    noClasses()
        .should()
        .dependOnClassesThat(
            assignableTo(java.io.ObjectInputStream.class)
                .or(assignableTo(java.io.ObjectOutputStream.class)))
        .check(CompiledCode.MAIN);
  }

  private static DescribedPredicate<JavaClass> named(String simpleName) {
    return DescribedPredicate.describe(simpleName, one -> one.getSimpleName().equals(simpleName));
  }

  private static DescribedPredicate<AccessTarget> call(String names, Class<?>... owners) {
    List<String> classes = List.of(owners).stream().map(Class::getName).toList();
    return DescribedPredicate.describe(
        names, one -> one.getName().matches(names) && classes.contains(one.getOwner().getName()));
  }
}

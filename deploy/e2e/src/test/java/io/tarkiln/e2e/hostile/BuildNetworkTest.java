package io.tarkiln.e2e.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.e2e.stack.Stack;
import io.tarkiln.testkit.GitRepository;
import io.tarkiln.testkit.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A RUN that tries everything around it: Kafka, S3 and git of its machine, private networks, cloud
 * metadata. The same RUN with the machine's own network gets there, which shows that the attack is
 * one.
 */
@Tag("e2e")
class BuildNetworkTest {
  private static final String PRIVATE = "10.99.0.1";
  private static final String METADATA = "169.254.169.254";
  private static final List<String> CLOSED =
      List.of(PRIVATE, METADATA, "168.63.129.16", "172.20.0.1", "192.168.99.1", "100.64.0.9");
  private static final Pattern OUTCOME = Pattern.compile("\\| ([\\w.-]+) is (reached|refused)");

  /**
   * First it tries to change the routes. Busybox's nc ends with 1 where it cannot connect, and
   * timeout with 143.
   */
  private static final String DOCKERFILE =
      """
      FROM scratch
      COPY busybox /bin/sh
      COPY busybox /bin/busybox
      ARG TARGETS
      RUN busybox ip rule del pref 200; busybox ip rule flush; busybox ip addr add 10.0.0.9 dev lo; \\
        busybox unshare -r busybox ip rule del pref 200; \\
        for each in $TARGETS; do \\
        name=${each%%=*}; to=${each#*=}; \\
        echo -e "GET / HTTP/1.0\\r\\n\\r\\n" | \\
          busybox timeout 4 busybox nc -w 3 ${to%:*} ${to##*:} >/dev/null 2>&1; \\
        if [ $? = 1 ]; then echo "$name is refused"; else echo "$name is reached"; fi; \\
      done
      """;

  @TempDir private Path folder;

  @Test
  void a_build_reaches_the_registry_and_the_outside_and_nothing_else() throws Exception {
    try (TestMachine machine = machine();
        Stack stack = up(machine, Map.of("TARKILN_BUILD_NETWORK", "own"))) {
      Map<String, String> outcome = attack(stack, targets(stack));

      assertThat(outcome)
          .containsEntry("registry", "reached")
          .containsEntry(TestMachine.PUBLIC, "reached")
          .hasSize(targets(stack).size());
      assertThat(outcome.entrySet().stream().filter(each -> each.getValue().equals("reached")))
          .hasSize(2);
      assertThat(machine.requests(TestMachine.PUBLIC)).isPositive();
      for (String address : CLOSED) {
        assertThat(machine.requests(address)).as(address).isZero();
      }
      assertThat(machine.gitConnections()).isZero();
    }
  }

  @Test
  void the_same_build_reaches_everything_in_the_network_of_the_machine() throws Exception {
    try (TestMachine machine = machine();
        Stack stack = up(machine, Map.of("TARKILN_BUILD_NETWORK", "host"))) {
      Map<String, String> outcome = attack(stack, targets(stack));

      outcome.remove("gateway-git");
      assertThat(outcome.values()).containsOnly("reached");
      assertThat(machine.gitConnections()).isPositive();
      for (String address : CLOSED) {
        assertThat(machine.requests(address)).as(address).isPositive();
      }
    }
  }

  @Test
  void what_is_named_is_reached_at_its_port_alone() throws Exception {
    try (TestMachine machine = machine();
        Stack stack =
            up(
                machine,
                Map.of(
                    "TARKILN_BUILD_NETWORK",
                    "own",
                    "TARKILN_BUILD_REACHES",
                    PRIVATE + ":80, 192.168.0.0/16, localhost:" + TestMachine.GIT_PORT))) {
      Map<String, String> targets = new LinkedHashMap<>();
      targets.put("named", PRIVATE + ":80");
      targets.put("in-range", "192.168.99.1:80");
      targets.put("loopback", "127.0.0.1:" + TestMachine.GIT_PORT);
      targets.put("other-port", PRIVATE + ":81");
      targets.put("metadata", METADATA + ":80");

      assertThat(attack(stack, targets))
          .containsEntry("named", "reached")
          .containsEntry("in-range", "reached")
          .containsEntry("loopback", "reached")
          .containsEntry("other-port", "refused")
          .containsEntry("metadata", "refused");
    }
  }

  private TestMachine machine() throws Exception {
    List<String> addresses = new ArrayList<>(CLOSED);
    addresses.add(TestMachine.PUBLIC);
    return new TestMachine(folder.resolve("machine"), addresses.toArray(String[]::new));
  }

  private Stack up(TestMachine machine, Map<String, String> environment) throws Exception {
    return Stack.up(machine.within(), folder.resolve("state"), environment, "0");
  }

  private static Map<String, String> targets(Stack stack) {
    Map<String, String> targets = new LinkedHashMap<>();
    targets.put("registry", stack.registry());
    targets.put(TestMachine.PUBLIC, TestMachine.PUBLIC + ":80");
    targets.put("kafka", stack.kafka());
    targets.put("s3", stack.s3().substring("http://".length()));
    targets.put("s3-by-address", stack.s3().replaceFirst("http://[^:]*", "127.0.0.1"));
    targets.put("git", "127.0.0.1:" + TestMachine.GIT_PORT);
    targets.put("git-by-address", TestMachine.ADDRESS + ":" + TestMachine.GIT_PORT);
    targets.put("gateway-git", "192.0.0.1:" + TestMachine.GIT_PORT);
    CLOSED.forEach(address -> targets.put(address, address + ":80"));
    return targets;
  }

  private Map<String, String> attack(Stack stack, Map<String, String> targets) throws Exception {
    GitRepository repository =
        GitRepository.in(folder.resolve("app")).file("Dockerfile", DOCKERFILE);
    Files.copy(Path.of("/bin/busybox"), folder.resolve("app/busybox"));
    repository.commit();
    String list =
        targets.entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining(" "));
    Program.Ended ran = stack.build("app", repository.url(), "--build-arg", "app:TARGETS=" + list);

    assertThat(ran.exit()).as(ran.err()).isZero();
    Map<String, String> outcome = new TreeMap<>();
    Matcher line = OUTCOME.matcher(ran.out() + ran.err());
    while (line.find()) {
      outcome.put(line.group(1), line.group(2));
    }
    return outcome;
  }
}

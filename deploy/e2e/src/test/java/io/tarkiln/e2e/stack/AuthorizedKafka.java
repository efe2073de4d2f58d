package io.tarkiln.e2e.stack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.access.Role;
import io.tarkiln.embedded.KafkaBroker;
import io.tarkiln.embedded.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A real broker whose authorizer lets nobody do anything that no rule allows, with an account for
 * each role. Behind it is a port at which everything may be done, for the test itself.
 */
public final class AuthorizedKafka implements AutoCloseable {
  private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule";

  private final KafkaBroker broker;
  private final int port;

  private AuthorizedKafka(KafkaBroker broker, int port) {
    this.broker = broker;
    this.port = port;
  }

  public static AuthorizedKafka start(Path folder) throws IOException {
    String accounts =
        Arrays.stream(Role.values())
            .map(role -> " \"user_%s\"=\"%s\"".formatted(account(role), password(role)))
            .collect(Collectors.joining());
    int port = Ports.free();
    return new AuthorizedKafka(
        KafkaBroker.startWithLogin(
            folder,
            "localhost",
            0,
            port,
            Map.of(
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users",
                "User:ANONYMOUS",
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,LOGIN:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms",
                "PLAIN",
                "listener.name.login.plain.sasl.jaas.config",
                LOGIN + " required" + accounts + ";")),
        port);
  }

  /** What the handbook calls a role's account. */
  public static String account(Role role) {
    return "tarkiln-" + role.wire();
  }

  private static String password(Role role) {
    return "secret-of-" + role.wire();
  }

  /** Where one must log in. */
  public String address() {
    return "localhost:" + port;
  }

  /** Where everything may be done. */
  public String behind() {
    return broker.bootstrapServers();
  }

  /** Settings of a client with the account of a role. */
  public Map<String, Object> client(Role role) {
    return Map.of(
        "bootstrap.servers",
        address(),
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "PLAIN",
        "sasl.jaas.config",
        LOGIN
            + " required username=\"%s\" password=\"%s\";"
                .formatted(account(role), password(role)));
  }

  /** The same as variables, for services and the command line. */
  public Map<String, String> variables(Role role) {
    return client(role).entrySet().stream()
        .collect(
            Collectors.toMap(
                each -> "KAFKA_" + each.getKey().toUpperCase(Locale.ROOT).replace('.', '_'),
                each -> each.getValue().toString()));
  }

  /** Runs shell commands, whose {@code kafka-acls.sh} is Kafka's own, as an administrator. */
  public void administer(Path folder, String commands) throws IOException, InterruptedException {
    Path tool = Files.createDirectories(folder.resolve("bin")).resolve("kafka-acls.sh");
    Files.writeString(
        tool,
        """
        #!/bin/sh
        exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' org.apache.kafka.tools.AclCommand "$@"
        """
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path")));
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(folder.resolve("admin.properties"), "security.protocol=PLAINTEXT\n");
    ProcessBuilder shell =
        new ProcessBuilder("bash", "-ec", commands)
            .directory(folder.toFile())
            .redirectErrorStream(true);
    shell.environment().put("BROKERS", behind());
    shell.environment().merge("PATH", tool.getParent().toString(), (path, own) -> own + ":" + path);
    Process process = shell.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  @Override
  public void close() {
    broker.close();
  }
}

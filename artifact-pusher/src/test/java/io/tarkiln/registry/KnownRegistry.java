package io.tarkiln.registry;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.MinioServer;
import io.tarkiln.embedded.Ports;
import io.tarkiln.embedded.Processes;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.embedded.RegistryServer.Options;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Registries that people run, each of which does something in a way of its own. */
enum KnownRegistry {
  /** Tells at any time what has arrived in a session. */
  DISTRIBUTION_3 {
    @Override
    Running start(Path folder) throws Exception {
      return running(RegistryServer.start(folder, HOST, Options.PLAIN));
    }
  },
  /** Sends whoever asks for a blob to another host. */
  DISTRIBUTION_3_ON_S3 {
    @Override
    Running start(Path folder) throws Exception {
      MinioServer s3 = MinioServer.start(GoTools.provide("minio"), folder.resolve("s3"));
      Map<String, String> bucket = new HashMap<>(s3.variables());
      bucket.put(Settings.BUCKET, "registry");
      try (ObjectStore store = ObjectStore.connect(Settings.of(bucket))) {
        store.createBucket();
      }
      RegistryServer server =
          RegistryServer.start(
              folder,
              HOST,
              Options.with(
                  Map.of(
                      "REGISTRY_STORAGE", "s3",
                      "REGISTRY_STORAGE_S3_REGION", "us-east-1",
                      "REGISTRY_STORAGE_S3_REGIONENDPOINT", s3.endpoint().toString(),
                      "REGISTRY_STORAGE_S3_FORCEPATHSTYLE", "true",
                      "REGISTRY_STORAGE_S3_SECURE", "false",
                      "REGISTRY_STORAGE_S3_BUCKET", "registry",
                      "REGISTRY_STORAGE_S3_ACCESSKEY", bucket.get("AWS_ACCESS_KEY_ID"),
                      "REGISTRY_STORAGE_S3_SECRETKEY", bucket.get("AWS_SECRET_ACCESS_KEY"))));
      return new Running(
          server.address(),
          () -> {
            server.close();
            s3.close();
          });
    }
  },
  /** Distribution 2.8, which Harbor has in it, too: gives up sessions that it did not expect. */
  DEBIAN {
    @Override
    Running start(Path folder) throws Exception {
      RegistryServer.Program program =
          new RegistryServer.Program(List.of("docker-registry", "serve"), List.of());
      try {
        return running(RegistryServer.start(program, folder, HOST, 0, Options.PLAIN));
      } catch (IOException failed) {
        throw new IOException("no docker-registry: install Debian's package of that name", failed);
      }
    }
  },
  /** Keeps all in memory, knows no session's state and answers a part with 204. */
  GO_CONTAINERREGISTRY {
    @Override
    Running start(Path folder) throws Exception {
      String address = HOST + ":" + Ports.free();
      Process process =
          new ProcessBuilder(
                  GoTools.provide("crane").toString(), "registry", "serve", "--address", address)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("crane.log").toFile())
              .start();
      awaitListening(process, address);
      return new Running(address, () -> Processes.end(process, Duration.ofSeconds(10)));
    }
  };

  private static final String HOST = "127.0.0.1";
  private static final int MAX_TRIES = 600;

  abstract Running start(Path folder) throws Exception;

  /** One that runs. */
  record Running(String address, Closeable end) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      end.close();
    }
  }

  private static Running running(RegistryServer server) {
    return new Running(server.address(), server::close);
  }

  private static void awaitListening(Process process, String address) throws Exception {
    for (int i = 0; i < MAX_TRIES && !process.waitFor(50, TimeUnit.MILLISECONDS); i++) {
      try (Socket socket = new Socket(HOST, Integer.parseInt(address.split(":")[1]))) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException notYet) {
        continue;
      }
    }
    throw new IOException("crane's registry did not start on " + address);
  }
}

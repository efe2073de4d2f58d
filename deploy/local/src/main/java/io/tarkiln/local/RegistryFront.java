package io.tarkiln.local;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.OriginRequestProvider;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Makes several registries look like one: requests below {@code /v2/<proxy project>/} go to that
 * project's pull-through cache, all others to the registry that keeps our own images.
 */
final class RegistryFront implements AutoCloseable {
  private final Vertx vertx;

  private RegistryFront(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Starts listening.
   *
   * @param own address of the registry for everything else
   * @param caches address of the pull-through cache of each project
   */
  static RegistryFront start(String host, int port, String own, Map<String, String> caches)
      throws IOException {
    Vertx vertx = Vertx.vertx();
    HttpProxy proxy =
        HttpProxy.reverseProxy(vertx.createHttpClient())
            .origin(
                OriginRequestProvider.selector(
                    context ->
                        Future.succeededFuture(
                            socket(
                                origin(context.request().proxiedRequest().path(), own, caches)))))
            .addInterceptor(new WithoutProject(caches));
    HttpServer server = vertx.createHttpServer(new HttpServerOptions().setHost(host).setPort(port));
    try {
      server.requestHandler(proxy).listen().toCompletionStage().toCompletableFuture().join();
    } catch (java.util.concurrent.CompletionException failed) {
      vertx.close();
      throw new IOException("cannot listen on " + host + ":" + port, failed.getCause());
    }
    return new RegistryFront(vertx);
  }

  private static String origin(String path, String own, Map<String, String> caches) {
    return caches.getOrDefault(project(path), own);
  }

  /** The first part of the repository's name. */
  private static String project(String path) {
    String[] parts = path.split("/", 4);
    return parts.length == 4 && parts[1].equals("v2") ? parts[2] : "";
  }

  private static SocketAddress socket(String address) {
    int colon = address.lastIndexOf(':');
    return SocketAddress.inetSocketAddress(
        Integer.parseInt(address.substring(colon + 1)), address.substring(0, colon));
  }

  /** A cache knows its upstream's repositories, without the project's name before them. */
  private record WithoutProject(Map<String, String> caches) implements ProxyInterceptor {
    @Override
    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
      ProxyRequest request = context.request();
      String project = project(request.proxiedRequest().path());
      if (caches.containsKey(project)) {
        request.setURI(request.getURI().replaceFirst("^/v2/" + project + "/", "/v2/"));
      }
      return context.sendRequest();
    }
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }
}

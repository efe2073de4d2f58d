package io.tarkiln.checkout;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Git LFS server that the real git-lfs pushes to: the Batch API with the basic transfer (git-lfs,
 * docs/api/batch.md).
 */
final class LfsHandler implements HttpHandler {
  private static final ObjectMapper JSON = new ObjectMapper();

  final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  final AtomicInteger downloads = new AtomicInteger();
  private final String base;

  /**
   * @param base where it is reached, without a slash at the end
   */
  LfsHandler(String base) {
    this.base = base;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String oid = path.substring(path.lastIndexOf('/') + 1);
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (exchange.getRequestMethod().equals("PUT")) {
      objects.put(oid, body);
      answer(exchange, 200, new byte[0]);
    } else if (oid.equals("batch")) {
      exchange.getResponseHeaders().set("Content-Type", "application/vnd.git-lfs+json");
      answer(exchange, 200, batch(JSON.readTree(body)).toString().getBytes(UTF_8));
    } else if (exchange.getRequestMethod().equals("GET") && objects.containsKey(oid)) {
      downloads.incrementAndGet();
      answer(exchange, 200, objects.get(oid));
    } else {
      answer(exchange, 404, "{}".getBytes(UTF_8));
    }
  }

  private ObjectNode batch(JsonNode asked) {
    String operation = asked.path("operation").asText();
    ObjectNode answer = JSON.createObjectNode().put("transfer", "basic");
    ArrayNode list = answer.putArray("objects");
    for (JsonNode each : asked.path("objects")) {
      String oid = each.path("oid").asText();
      ObjectNode object = list.addObject().put("oid", oid).put("size", each.path("size").asLong());
      if (operation.equals("upload") || objects.containsKey(oid)) {
        object.putObject("actions").putObject(operation).put("href", base + "/objects/" + oid);
      } else {
        object.putObject("error").put("code", 404).put("message", "no such object");
      }
    }
    return answer;
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }
}

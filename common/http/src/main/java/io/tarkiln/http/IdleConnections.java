package io.tarkiln.http;

/**
 * How many idle connections to one host {@link java.net.HttpURLConnection} keeps: 64 rather than 5,
 * so that of many requests at once only the first ones pay for TLS. {@code -Dhttp.maxConnections}
 * says otherwise (Java documentation, "Networking Properties").
 */
public final class IdleConnections {
  private static final String PROPERTY = "http.maxConnections";
  private static final String MAX = "64";

  private IdleConnections() {}

  /** Has to be called before the JVM's first request: Java reads it once. */
  public static void allow() {
    if (System.getProperty(PROPERTY) == null) {
      System.setProperty(PROPERTY, MAX);
    }
  }
}

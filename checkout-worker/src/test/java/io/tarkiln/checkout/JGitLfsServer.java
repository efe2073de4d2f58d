package io.tarkiln.checkout;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jgit.lfs.lib.AnyLongObjectId;
import org.eclipse.jgit.lfs.server.LargeFileRepository;
import org.eclipse.jgit.lfs.server.LfsProtocolServlet;
import org.eclipse.jgit.lfs.server.Response;
import org.eclipse.jgit.lfs.server.fs.FileLfsRepository;
import org.eclipse.jgit.lfs.server.fs.FileLfsServlet;

/** JGit's Git LFS server, for those who show a token. */
final class JGitLfsServer implements AutoCloseable {
  private static final long PATIENCE = 60_000;

  private final Server server = new Server();
  private final String url;

  private JGitLfsServer(Path folder, String authorization) throws Exception {
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    connector.open();
    url = "http://127.0.0.1:%d/lfs".formatted(connector.getLocalPort());
    FileLfsRepository files = new Authorized(url + "/objects/", folder, authorization);
    ServletContextHandler servlets = new ServletContextHandler("/lfs");
    servlets.addFilter(
        new FilterHolder(only(authorization)), "/*", EnumSet.of(DispatcherType.REQUEST));
    servlets.addServlet(new ServletHolder(new Protocol(files)), "/objects/batch");
    ServletHolder content = new ServletHolder(new FileLfsServlet(files, PATIENCE));
    content.setAsyncSupported(true);
    servlets.addServlet(content, "/objects/*");
    server.setHandler(servlets);
    server.start();
  }

  /**
   * Starts one.
   *
   * @param authorization the header that each request must have
   */
  static JGitLfsServer start(Path folder, String authorization) throws Exception {
    return new JGitLfsServer(folder, authorization);
  }

  String url() {
    return url;
  }

  private static Filter only(String authorization) {
    return (request, response, chain) -> {
      if (authorization.equals(((HttpServletRequest) request).getHeader("Authorization"))) {
        chain.doFilter(request, response);
      } else {
        ((HttpServletResponse) response).sendError(HttpServletResponse.SC_FORBIDDEN);
      }
    };
  }

  /** Names the token in the addresses that it gives out, as hosts do. */
  private static final class Authorized extends FileLfsRepository {
    private final Map<String, String> headers;

    Authorized(String url, Path folder, String authorization) throws IOException {
      super(url, folder);
      headers = Map.of("Authorization", authorization);
    }

    @Override
    public Response.Action getDownloadAction(AnyLongObjectId id) {
      return authorized(super.getDownloadAction(id));
    }

    @Override
    public Response.Action getUploadAction(AnyLongObjectId id, long size) {
      return authorized(super.getUploadAction(id, size));
    }

    private Response.Action authorized(Response.Action action) {
      action.header = headers;
      return action;
    }
  }

  private static final class Protocol extends LfsProtocolServlet {
    private static final long serialVersionUID = 1L;

    private final transient LargeFileRepository files;

    Protocol(LargeFileRepository files) {
      this.files = files;
    }

    @Override
    protected LargeFileRepository getLargeFileRepository(
        LfsRequest request, String path, String authorization) {
      return files;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception failed) {
      throw new IOException("cannot stop the LFS server", failed);
    }
  }
}

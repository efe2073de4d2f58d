package io.tarkiln.kaniko.local;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.launch.StopSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the log in S3 about as long as the one on disk while a run is under way. S3 cannot append,
 * so it is sent again once it has grown by a good part; at the end the whole of it. Once another
 * submitter's image tar is there, the log is that one's.
 */
final class LogUpload {
  private static final Logger LOG = LoggerFactory.getLogger(LogUpload.class);
  private static final int PART = 8;

  private final RunUploads uploads;
  private final Path file;
  private final String key;
  private final String tarKey;
  private long sent;
  private boolean ended;

  LogUpload(RunUploads uploads, Path file, String key, String tarKey) {
    this.uploads = uploads;
    this.file = file;
    this.key = key;
    this.tarKey = tarKey;
  }

  /** Sends the log as it is, if that is worth it; a store that is away is tried next time. */
  synchronized void sendGrown() {
    try {
      if (!ended && Files.size(file) > sent + sent / PART && !uploads.store().exists(tarKey)) {
        sent = uploads.once(file, key);
      }
    } catch (UnavailableException away) {
      LOG.debug("{} will be sent later", key, away);
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot read " + file, failed);
    }
  }

  /** Sends the whole log; nothing is sent after that. */
  synchronized void sendWhole(StopSignal stop) throws UnavailableException, InterruptedException {
    ended = true;
    uploads.persistently(file, key, stop);
  }
}

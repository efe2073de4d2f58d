package io.tarkiln.kaniko.launch;

import java.io.InputStream;

/** Kaniko at work. */
public interface KanikoProcess {
  /** Its output and errors, to be read to the end. */
  InputStream output();

  /** Waits for the end and returns the exit status; 128 and the number after a signal. */
  int waitFor() throws InterruptedException;

  /** Ends it and everything it has started, at once. */
  void kill();

  /** How many processes run in it, as far as they are seen from here. */
  long processes();

  /** Bytes on disk that it takes outside its run directory. */
  long bytesElsewhere();
}

package io.tarkiln.cli.session;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/** The standard output, which says when it cannot be written; Java's own keeps it to itself. */
public final class StandardOutput extends OutputStream {
  private final OutputStream file = new FileOutputStream(FileDescriptor.out);

  private StandardOutput() {}

  /**
   * Thrown by whatever prints, so that a command ends where nobody reads it or the disk is full.
   */
  public static final class LostException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    private LostException(IOException cause) {
      super("cannot write the output: " + cause.getMessage(), cause);
    }

    /** Whether its reader has gone, as {@code head} does: nothing to report. */
    public boolean isReaderGone() {
      return String.valueOf(getMessage()).contains("pipe");
    }
  }

  /** Has {@code System.out}, and what is made of it, write here. */
  public static void install() {
    System.setOut(new PrintStream(new BufferedOutputStream(new StandardOutput()), true));
  }

  @Override
  public void write(int one) {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    try {
      file.write(bytes, offset, length);
    } catch (IOException lost) {
      throw new LostException(lost);
    }
  }
}

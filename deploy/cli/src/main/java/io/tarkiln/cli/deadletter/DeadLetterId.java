package io.tarkiln.cli.deadletter;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The place of a record in the dead letter topic, written {@code PARTITION-OFFSET}. */
record DeadLetterId(int partition, long offset) {
  /** Reads one. */
  static final class Converter implements ITypeConverter<DeadLetterId> {
    @Override
    public DeadLetterId convert(String text) {
      if (!text.matches("[0-9]{1,6}-[0-9]{1,18}")) {
        throw new TypeConversionException(
            "'%s' should read PARTITION-OFFSET, as `deadletters list` shows it".formatted(text));
      }
      String[] parts = text.split("-");
      return new DeadLetterId(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
    }
  }

  @Override
  public String toString() {
    return partition + "-" + offset;
  }
}

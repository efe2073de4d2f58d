package io.tarkiln.cli.session;

import io.tarkiln.settings.Settings;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration from an argument: {@code 30s}, {@code 15m}, {@code 2h}, {@code 7d}. */
public final class DurationConverter implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    try {
      return new Settings(name -> Optional.of(text.matches("\\d+d") ? "P" + text : text))
          .duration("duration", Duration.ZERO);
    } catch (IllegalArgumentException wrong) {
      throw new TypeConversionException("'" + text + "' is not a duration: write 30s, 15m or 1h");
    }
  }
}

package io.tarkiln.cli.session;

import io.tarkiln.build.BuildId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a build id from an argument. */
public final class BuildIdConverter implements ITypeConverter<BuildId> {
  @Override
  public BuildId convert(String text) {
    try {
      return BuildId.parse(text);
    } catch (IllegalArgumentException wrong) {
      throw new TypeConversionException(wrong.getMessage());
    }
  }
}

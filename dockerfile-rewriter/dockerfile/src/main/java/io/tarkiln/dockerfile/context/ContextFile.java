package io.tarkiln.dockerfile.context;

/**
 * A file of a build context. Names are bytes, a character each.
 *
 * @param mode as git has it
 * @param objectId git's id of what is in it
 * @param path from the context's folder
 * @param target where a link points; empty for others
 */
public record ContextFile(int mode, String objectId, String path, String target) {
  private static final int LINK = 0120000;

  public boolean isLink() {
    return mode == LINK;
  }
}

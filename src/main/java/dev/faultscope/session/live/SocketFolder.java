package dev.faultscope.session.live;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folders for sockets of our own, which nobody else may enter. A server that is killed cannot
 * delete its own; the next one does, so they carry the number of their server's process.
 */
final class SocketFolder {
  private static final Logger LOG = LoggerFactory.getLogger(SocketFolder.class);
  private static final String PREFIX = "faultscope-live-";
  private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d{1,9})-\\d+");

  private SocketFolder() {}

  /** {@return a new one, short of name, for a socket's path has 107 bytes at most} */
  static Path create() throws IOException {
    return Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
  }

  static Path socket(Path folder) {
    return folder.resolve("uffd.sock");
  }

  /** Deletes one with all that is in it. It may be gone already. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }

  /** Deletes those of this user's servers that have ended without doing so. */
  static void sweep() {
    sweep(Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
  }

  static void sweep(Path temporary) {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(temporary, PREFIX + "*")) {
      for (Path folder : folders) {
        if (isLeftOver(folder)) {
          delete(folder);
        }
      }
    } catch (IOException left) {
      LOG.warn("Folders of earlier servers are left over: {}", left.toString());
    }
  }

  private static boolean isLeftOver(Path folder) throws IOException {
    Matcher name = NAME.matcher(folder.getFileName() + "");
    return name.matches()
        && Files.isWritable(folder)
        && Files.getOwner(folder).equals(Files.getOwner(Path.of("/proc/self")))
        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty();
  }
}

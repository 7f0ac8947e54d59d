package dev.faultscope.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Virtual machines of KVM that processes run. */
public final class KvmGuests {
  /** What the link of a virtual machine's descriptor begins with. */
  private static final String LINK = "anon_inode:kvm-vm";

  private KvmGuests() {}

  /**
   * {@return whether a process has a virtual machine open}
   *
   * @throws IOException if there is no such process, or its descriptors may not be looked at
   */
  public static boolean isRunBy(int pid) throws IOException {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path each : open) {
        try {
          if (Files.readSymbolicLink(each).toString().startsWith(LINK)) {
            return true;
          }
        } catch (IOException closedMeanwhile) {
          // One that was closed while we looked is not there.
        }
      }
    }
    return false;
  }
}

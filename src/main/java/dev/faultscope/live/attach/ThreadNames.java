package dev.faultscope.live.attach;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that VMMs give their threads, and what they say of vCPUs. */
public final class ThreadNames {
  private static final Pattern VCPU =
      Pattern.compile("fc_vcpu (\\d+)|CPU (\\d+)/KVM|vcpu[-_ ]?(\\d+)");

  private ThreadNames() {}

  /** {@return the name of a thread, or its number where it is gone} */
  public static String of(int pid, int tid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/task/" + tid + "/comm")).strip();
    } catch (IOException gone) {
      return "thread " + tid;
    }
  }

  /** {@return the name of a process, or its number where it is gone} */
  public static String ofProcess(int pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
    } catch (IOException gone) {
      return "process " + pid;
    }
  }

  /** {@return the number of the vCPU that a thread of this name runs, or -1} */
  public static int vcpu(String name) {
    Matcher matcher = VCPU.matcher(name);
    if (matcher.matches()) {
      for (int group = 1; group <= matcher.groupCount(); group++) {
        if (matcher.group(group) != null) {
          return Integer.parseInt(matcher.group(group));
        }
      }
    }
    return -1;
  }
}

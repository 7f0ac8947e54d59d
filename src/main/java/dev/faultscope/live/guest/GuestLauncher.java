package dev.faultscope.live.guest;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts guests: the command {@code faultscope guest} in a process of its own, from the same class
 * path.
 */
public final class GuestLauncher {
  private static final String MAIN = "dev.faultscope.FaultscopeApplication";

  private GuestLauncher() {}

  /** {@return the command line of a guest} */
  public static List<String> command(List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED"));
    String classPath = System.getProperty("java.class.path", "");
    if (classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)) {
      command.addAll(List.of("-jar", classPath));
    } else {
      command.addAll(List.of("-cp", classPath, MAIN));
    }
    command.add("guest");
    command.addAll(arguments);
    return command;
  }

  /** {@return a guest's process, not yet started, whose output is its caller's to read} */
  public static ProcessBuilder process(List<String> arguments) {
    return new ProcessBuilder(command(arguments));
  }
}

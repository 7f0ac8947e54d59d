package dev.faultscope.linux.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Takes privileges from a thread of a test, as capabilities(7) are a thread's and not a process'.
 */
public final class Capabilities {
  private static final int LINUX_CAPABILITY_VERSION_3 = 0x20080522;

  private Capabilities() {}

  /** Clears every effective capability of the calling thread, which should end soon after. */
  public static void giveUpForThisThread() {
    Linker linker = Linker.nativeLinker();
    MethodHandle capset =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("capset"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      // struct __user_cap_header_struct of this thread, and two empty __user_cap_data_structs.
      MemorySegment header = arena.allocate(8, 4);
      header.set(JAVA_INT, 0, LINUX_CAPABILITY_VERSION_3);
      MemorySegment none = arena.allocate(24, 4);
      if ((int) capset.invokeExact(header, none) != 0) {
        throw new IllegalStateException("capset refused");
      }
    } catch (Throwable broken) {
      throw new AssertionError("the binding of capset(2) is broken", broken);
    }
  }
}

package dev.faultscope.live.origin;

import dev.faultscope.model.AccessOrigin;
import java.util.List;

/**
 * Who touched the page a thread sleeps for, read off its kernel stack.
 *
 * <p>A trap out of the kernel's own code ({@code asm_exc_page_fault} with frames beneath it) names
 * the function that made the access. KVM filling stage 2 traps nowhere: it asks for the page by
 * {@code get_user_pages}.
 *
 * @param origin what kind of access
 * @param function the kernel function that made it; empty for a user-mode access or where none is
 *     known
 */
public record StackOrigin(AccessOrigin origin, String function) {
  private static final String TRAP = "asm_exc_page_fault";

  /** Nobody can say. */
  public static final StackOrigin UNKNOWN = new StackOrigin(AccessOrigin.UNKNOWN, "");

  /** {@return the origin by a stack, innermost function first} */
  public static StackOrigin of(List<String> stack) {
    if (stack.isEmpty()) {
      return UNKNOWN;
    }
    boolean inVcpuRun = stack.stream().anyMatch(StackOrigin::isKvm);
    int trap = stack.indexOf(TRAP);
    if (trap < 0) {
      return inVcpuRun
          ? new StackOrigin(AccessOrigin.STAGE2, firstKvm(stack))
          : new StackOrigin(AccessOrigin.KERNEL, stack.getLast());
    }
    List<String> beneath = stack.subList(trap + 1, stack.size());
    if (beneath.isEmpty()) {
      return new StackOrigin(AccessOrigin.USER, "");
    }
    if (inVcpuRun) {
      return new StackOrigin(AccessOrigin.KVM, firstKvm(beneath));
    }
    return new StackOrigin(AccessOrigin.KERNEL, systemCall(beneath));
  }

  /** {@return in words, for notes and summaries} */
  public String text() {
    return origin.text() + (function.isEmpty() ? "" : " (" + function + ")");
  }

  private static String firstKvm(List<String> stack) {
    return stack.stream().filter(StackOrigin::isKvm).findFirst().orElse(stack.getFirst());
  }

  private static boolean isKvm(String function) {
    return function.contains("kvm_")
        || function.startsWith("hva_to_pfn")
        || function.startsWith("paging64_")
        || function.startsWith("paging32_")
        || function.startsWith("x86_emulate_")
        || function.startsWith("emulator_");
  }

  private static String systemCall(List<String> stack) {
    for (String function : stack) {
      if (function.startsWith("ksys_")
          || function.startsWith("__x64_sys_")
          || function.startsWith("__arm64_sys_")
          || function.startsWith("__do_sys_")
          || function.startsWith("vfs_")) {
        return function;
      }
    }
    return stack.getFirst();
  }
}

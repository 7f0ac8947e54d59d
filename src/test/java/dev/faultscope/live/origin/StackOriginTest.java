package dev.faultscope.live.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.AccessOrigin;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stacks as kernels print them. */
class StackOriginTest {
  @Test
  void userModeAccessTrapsAtTheBottomOfTheStack() {
    assertThat(
            StackOrigin.of(
                List.of(
                    "handle_userfault", "handle_mm_fault", "exc_page_fault", "asm_exc_page_fault")))
        .isEqualTo(new StackOrigin(AccessOrigin.USER, ""));
  }

  @Test
  void kernelAccessNamesTheSystemCall() {
    assertThat(
            StackOrigin.of(
                List.of(
                    "handle_userfault",
                    "asm_exc_page_fault",
                    "_copy_from_iter",
                    "anon_pipe_write",
                    "vfs_write",
                    "ksys_write",
                    "do_syscall_64")))
        .isEqualTo(new StackOrigin(AccessOrigin.KERNEL, "vfs_write"));
  }

  @Test
  void accessByKvmItselfNamesItsFunction() {
    assertThat(
            StackOrigin.of(
                List.of(
                    "handle_userfault",
                    "asm_exc_page_fault",
                    "rep_movs_alternative",
                    "_copy_to_user",
                    "__kvm_write_guest_page",
                    "kvm_write_guest",
                    "kvm_arch_vcpu_ioctl_run",
                    "kvm_vcpu_ioctl")))
        .isEqualTo(new StackOrigin(AccessOrigin.KVM, "__kvm_write_guest_page"));
  }

  @Test
  void stage2FaultAsksForThePageWithoutATrap() {
    assertThat(
            StackOrigin.of(
                List.of(
                    "handle_userfault",
                    "handle_mm_fault",
                    "__get_user_pages",
                    "get_user_pages_unlocked",
                    "hva_to_pfn",
                    "kvm_tdp_page_fault",
                    "kvm_arch_vcpu_ioctl_run")))
        .isEqualTo(new StackOrigin(AccessOrigin.STAGE2, "hva_to_pfn"));
  }

  @Test
  void unreadableStackSaysNothing() {
    assertThat(StackOrigin.of(List.of()).origin()).isEqualTo(AccessOrigin.UNKNOWN);
  }
}
